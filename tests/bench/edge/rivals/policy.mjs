// The headers of Hono's `secureHeaders`, set to what the worker sends as far as it can.

import { secureHeaders } from "hono/secure-headers";

export const hardened = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC'", "'wasm-unsafe-eval'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "blob:"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  crossOriginEmbedderPolicy: "require-corp",
  crossOriginOpenerPolicy: "same-origin",
  crossOriginResourcePolicy: "same-origin",
  referrerPolicy: "no-referrer",
  strictTransportSecurity: "max-age=63072000; includeSubDomains; preload",
  xFrameOptions: "DENY",
  permissionsPolicy: { camera: [], microphone: [], geolocation: [], publickeyCredentialsGet: ["self"] },
});

export const problem = (status, code) =>
  new Response(JSON.stringify({ type: `urn:raxx:support:problem:${code}`, title: code, status, code }), {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
  });

/** A fetched answer whose headers the middleware may set; its body is passed on. */
export const mutable = (answer) => new Response(answer.body, answer);
