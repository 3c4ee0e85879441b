// What others think of our headers: MDN's HTTP Observatory, Google's CSP evaluator, and the OWASP Secure Headers list.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { after, before, describe, test } from "node:test";

import { ROOT, start } from "../harness/edge.mjs";
import { token } from "../harness/tokens.mjs";

const PACKAGES = join(dirname(fileURLToPath(import.meta.url)), "../node_modules");
const OBSERVATORY = join(PACKAGES, "@mdn/mdn-http-observatory");
const at = (path) => pathToFileURL(join(OBSERVATORY, "src", path)).href;
/** The portal as it was built; `PORTAL_DIST` names another build of it. */
const DIST = process.env.PORTAL_DIST ?? join(ROOT, "support-spa/dist");

describe("judges", () => {
  let edge;
  let document;
  let html;
  before(async () => {
    if (!existsSync(join(DIST, "index.html"))) {
      throw new Error("the portal is not built: run `cargo xtask build portal` first; its own pages are judged here");
    }
    edge = await start({ site: DIST });
    document = await edge.fetch("/");
    html = await document.text();
    assert.equal(document.status, 200);
  });
  after(() => edge.stop());

  test("the worker carries the hashes of this very portal", () => {
    // The page's inline script brings the programs in, by address and digest, and on a development system the demo.
    const hashes = [...html.matchAll(/\bintegrity:"([^"]+)"/g)].map((match) => match[1]);
    assert.equal(hashes.length, 3, "the page names the digests of both programs and of the demo");
    for (const hash of hashes) assert.ok(document.headers.get("content-security-policy").includes(`'${hash}'`), hash);
    const inline = html.match(/<script>([^]*?)<\/script>/)[1];
    const hash = `sha256-${createHash("sha256").update(inline).digest("base64")}`;
    assert.ok(document.headers.get("content-security-policy").includes(`'${hash}'`), "the inline script's own");
  });

  test("HTTP Observatory: 140 of the 140 that are reachable without cookies", async () => {
    // Its installer would download browsers' preload list. `.app` is on it as a whole, which is all that is needed here.
    mkdirSync(join(OBSERVATORY, "conf"), { recursive: true });
    const app = { includeSubDomains: true, includeSubDomainsForPinning: true, mode: "force-https", pinned: false };
    writeFileSync(join(OBSERVATORY, "conf/hsts-preload.json"), JSON.stringify({ app }));
    const { ALL_TESTS } = await import(at("constants.js"));
    const { Requests } = await import(at("types.js"));
    const grader = await import(at("grader/grader.js"));

    const requests = new Requests("support.raxx.app");
    const answer = {
      status: document.status,
      headers: axiosHeaders(document.headers),
      request: { responseURL: "https://support.raxx.app/" },
      data: html,
      verified: true,
      httpEquiv: new Map(),
    };
    Object.assign(requests.responses, { auto: answer, https: answer, http: answer, cors: answer });
    // Port 80 is Cloudflare's: it redirects every host of a preloaded domain.
    requests.responses.httpRedirects = [
      { url: new URL("http://support.raxx.app/"), status: 301 },
      { url: new URL("https://support.raxx.app/"), status: 200 },
    ];
    requests.responses.httpsRedirects = [{ url: new URL("https://support.raxx.app/"), status: 200 }];
    requests.resources.path = html;
    requests.session = { url: new URL("https://support.raxx.app/") };
    let score = 100;
    let bonus = 0;
    const results = {};
    for (const check of ALL_TESTS) {
      const { result, pass } = await check(requests);
      const modifier = grader.getScoreModifier(result);
      results[check.name] = `${result} (${modifier})`;
      assert.ok(pass, `${check.name}: ${result}`);
      if (modifier < 0) score += modifier;
      else bonus += modifier;
    }
    assert.equal(score + bonus, 140, JSON.stringify(results, null, 2));
  });

  test("csp_evaluator has nothing to say", async () => {
    const { CspEvaluator } = await import(pathToFileURL(join(PACKAGES, "csp_evaluator/dist/evaluator.js")).href).then((m) => m.default ?? m);
    const { CspParser } = await import(pathToFileURL(join(PACKAGES, "csp_evaluator/dist/parser.js")).href).then((m) => m.default ?? m);
    const { Severity } = await import(pathToFileURL(join(PACKAGES, "csp_evaluator/dist/finding.js")).href).then((m) => m.default ?? m);
    const policies = [document.headers.get("content-security-policy")];
    for (const text of policies) {
      const found = new CspEvaluator(new CspParser(text).csp).evaluate();
      assert.deepEqual(found.filter((finding) => finding.severity !== Severity.NONE).map((f) => `${f.directive}: ${f.description}`), []);
    }
  });

  test("every header that OWASP recommends is there, or its absence is reasoned", async () => {
    const notice = await edge.fetch("/nowhere", { headers: { accept: "text/html" } });
    const api = await edge.as(token(edge.key), "/api/v1/support/tickets");
    const signed_out = await edge.as(token(edge.key), "/api/v1/auth/session", { method: "DELETE" });
    for (const response of [document, notice, api]) {
      const value = (name) => response.headers.get(name) ?? "";
      assert.match(value("strict-transport-security"), /max-age=63072000; includeSubDomains/);
      assert.equal(value("x-frame-options"), "DENY");
      assert.equal(value("x-content-type-options"), "nosniff");
      assert.equal(value("referrer-policy"), "no-referrer");
      assert.equal(value("cross-origin-embedder-policy"), "require-corp");
      assert.equal(value("cross-origin-opener-policy"), "same-origin");
      assert.equal(value("cross-origin-resource-policy"), "same-origin");
      assert.equal(value("x-permitted-cross-domain-policies"), "none");
      assert.equal(value("x-dns-prefetch-control"), "off");
      for (const feature of ["camera", "microphone", "geolocation", "payment", "usb", "clipboard-read"]) {
        assert.ok(value("permissions-policy").includes(`${feature}=()`), feature);
      }
      // Reasoned: passkeys and copy buttons are what the portal is for.
      assert.match(value("permissions-policy"), /publickey-credentials-get=\(self\)/);
      assert.match(value("permissions-policy"), /clipboard-write=\(self\)/);
    }
    assert.match(api.headers.get("cache-control"), /no-store/);
    assert.match(signed_out.headers.get("clear-site-data"), /"cache", "cookies", "storage"/);
    await notice.text();
    await api.text();
  });
});

/** The part of axios's headers that the Observatory uses. */
function axiosHeaders(headers) {
  const plain = Object.fromEntries(headers);
  return Object.defineProperty(plain, "get", { value: (name) => headers.get(name), enumerable: false });
}
