// What is measured: requests, and what they are to be measured against.

import { CUSTOMER, keyPair, token } from "../../edge/harness/tokens.mjs";

/** Signs what is sound. */
export const key = keyPair("k1");
/** Has our kid and another key. */
const forger = keyPair("k1");

/** Different tokens, made by the functions in turn. */
const different = (...kinds) => Array.from({ length: 8000 }, (_, place) => kinds[place % kinds.length]());
const past = Math.floor(Date.now() / 1000) - 7200;
/** What strangers try, in equal parts: every worker here refuses each. */
export const REFUSED = [
  () => token(forger),
  () => token(key, { header: { alg: "none" }, signature: "" }),
  () => token(key, { header: { alg: "HS256" } }),
  () => token({ ...key, kid: "k2" }),
  () => token(key, { header: { typ: "JWT" } }),
  () => token(key, { claims: { iss: "https://elsewhere.example" } }),
  () => token(key, { claims: { aud: "https://elsewhere.example" } }),
  () => token(key, { claims: { iat: past, nbf: past, auth_time: past, exp: past + 3600 } }),
  () => token(key, { payload: "{" }),
];

/** Ours to beat, and by how much (ratio of requests per second). */
export const SCENARIOS = {
  static: { path: "/assets/app.0123456789abcdef.js", headers: { "accept-encoding": "gzip, br" }, targets: { "hono-less": 1.0 } },
  page: { path: "/", headers: { "accept-encoding": "gzip, br" }, targets: {} },
  warm: { path: "/api/v1/support/tickets?limit=25", tokens: [token(key)], targets: { "hono-less": 1.0, "hono-same": 1.5 } },
  cold: { path: "/api/v1/support/tickets?limit=25", tokens: different(() => token(key)), targets: {} },
  rejected: { path: "/api/v1/support/tickets?limit=25", tokens: different(...REFUSED), status: 401, targets: { "hono-less": 1.4 } },
  forged: { path: "/api/v1/support/tickets?limit=25", tokens: different(() => token(forger)), status: 401, targets: { "hono-less": 1.4 } },
  download: {
    path: `/api/v1/support/tickets/tk_${CUSTOMER.slice(3)}/attachments/at_${CUSTOMER.slice(3)}`,
    tokens: [token(key)],
    targets: { bare: 0.95 },
  },
};
