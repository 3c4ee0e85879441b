// What every answer must look like, whatever happened.

import assert from "node:assert/strict";

/** Headers that every answer carries, with their values where these never differ. */
export const EVERYWHERE = {
  "strict-transport-security": "max-age=63072000; includeSubDomains; preload",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "x-dns-prefetch-control": "off",
  "x-permitted-cross-domain-policies": "none",
  "permissions-policy": /publickey-credentials-get=\(self\)/,
  "content-security-policy": /default-src 'none'/,
  "cache-control": /./,
  "x-request-id": /^[0-9a-f]{32}$/,
  "server-timing": /^edge;dur=/,
};

/** Headers that no answer carries, wherever they came from. */
const NOWHERE = ["server", "x-powered-by", "set-cookie", "access-control-allow-origin", "refresh", "location", "x-secret"];

/** A dead instance cannot say how long it took, nor what the request was called: its problem's reference stands in the log. */
const NOT_AFTER_A_PANIC = ["x-request-id", "server-timing"];

export function hardened(response, { panicked = false } = {}) {
  for (const [name, value] of Object.entries(EVERYWHERE)) {
    if (panicked && NOT_AFTER_A_PANIC.includes(name)) continue;
    const found = response.headers.get ? response.headers.get(name) : response.headers[name];
    assert.ok(found, `${name} is missing`);
    if (value instanceof RegExp) assert.match(found, value, name);
    else assert.equal(found, value, name);
  }
  for (const name of NOWHERE) {
    const found = response.headers.get ? response.headers.get(name) : (response.headers[name] ?? null);
    assert.equal(found, null, `${name} reached the customer`);
  }
}

/** A hardened problem document of this status and code; gives the document. */
export async function problem(response, status, code) {
  const text = await response.text();
  assert.equal(response.status, status, text);
  hardened(response);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.equal(response.headers.get("cache-control"), "no-store");
  const document = JSON.parse(text);
  assert.equal(document.status, status);
  assert.equal(document.code, code);
  assert.match(document.reference, /^R-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
  return document;
}
