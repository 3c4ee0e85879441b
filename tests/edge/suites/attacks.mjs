// Every way in which a token has been forged or bent elsewhere. Each gets the same 401, and Raptor never hears of it.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { createHmac } from "node:crypto";

import { start } from "../harness/edge.mjs";
import { problem } from "../harness/judge.mjs";
import { raw, rawGet } from "../harness/raw.mjs";
import { base64url, claims, keyPair, seconds, signed, token } from "../harness/tokens.mjs";

const TICKETS = "/api/v1/support/tickets";

/** Order of P-256's group. */
const N = Buffer.from("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "hex");

function hmacWithPublicKey(key, secret = key.publicKey.export({ type: "spki", format: "pem" })) {
  const input = `${base64url(JSON.stringify({ alg: "HS256", typ: "at+jwt", kid: key.kid }))}.${base64url(JSON.stringify(claims()))}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

function der(length) {
  return Buffer.concat([Buffer.from([0x30, length - 2]), Buffer.alloc(length - 2, 1)]);
}

/** A token with something done to its text. */
const bent = (key, change) => change(token(key), key);
const parts = (text) => text.split(".");
const deep = (depth) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

const FORGED = {
  "alg none without signature": (key) => token(key, { header: { alg: "none" }, signature: "" }),
  "alg nOnE": (key) => token(key, { header: { alg: "nOnE" } }),
  "alg NONE with a signature": (key) => token(key, { header: { alg: "NONE" } }),
  "alg empty": (key) => token(key, { header: { alg: "" } }),
  "alg missing": (key) => token(key, { header: { alg: undefined } }),
  "alg not text": (key) => token(key, { header: { alg: 7 } }),
  "alg in lower case": (key) => token(key, { header: { alg: "eddsa" } }),
  "alg ES256, not configured": () => token(keyPair("k1", "p256")),
  "HS256 with the public key as secret": (key) => hmacWithPublicKey(key),
  "HS256 with the public key's bytes as secret": (key) => hmacWithPublicKey(key, Buffer.from(key.jwk.x, "base64url")),
  "embedded jwk": (key) => {
    const own = keyPair(key.kid);
    return token(own, { header: { jwk: own.jwk } });
  },
  "embedded jku": (key) => token(key, { header: { jku: "https://evil.example/jwks.json" } }),
  "embedded x5u": (key) => token(key, { header: { x5u: "https://evil.example/cert.pem" } }),
  "embedded x5c": (key) => token(key, { header: { x5c: ["MIIB"] } }),
  "embedded x5t": (key) => token(key, { header: { "x5t#S256": "AAAA" } }),
  "crit": (key) => token(key, { header: { crit: ["exp"] } }),
  "crit b64 with b64 false": (key) => token(key, { header: { crit: ["b64"], b64: false } }),
  "b64 true": (key) => token(key, { header: { b64: true } }),
  "zip": (key) => token(key, { header: { zip: "DEF" } }),
  "cty JWT": (key) => token(key, { header: { cty: "JWT" } }),
  "unknown header": (key) => token(key, { header: { x: 1 } }),
  "signed by a stranger under our kid": (key) => token(keyPair(key.kid)),
  "signature of another token": (key) => {
    const [header, payload] = parts(token(key));
    return `${header}.${payload}.${parts(token(key))[2]}`;
  },
  "claims changed after signing": (key) => {
    const [header, , signature] = parts(token(key));
    return `${header}.${base64url(JSON.stringify(claims({ sub: "cu_7zzzzzzzzzzzzzzzzzzzzzzzzz" })))}.${signature}`;
  },
  "signature empty": (key) => token(key, { signature: "" }),
  "signature all zero": (key) => token(key, { signature: Buffer.alloc(64) }),
  "signature one byte short": (key) => token(key, { signature: Buffer.alloc(63, 1) }),
  "signature one byte long": (key) => token(key, { signature: Buffer.alloc(65, 1) }),
  "Ed25519 signature with S + L": (key) => {
    // The group order, added to S: a second signature for the same message, unless S is checked to be canonical.
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const [header, payload] = parts(token(key));
    const signature = signed(key, `${header}.${payload}`);
    let s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString("hex")}`) + order;
    for (let at = 32; at < 64; at += 1, s >>= 8n) signature[at] = Number(s & 255n);
    return `${header}.${payload}.${base64url(signature)}`;
  },
  "Ed25519 R of small order with S zero": (key) => {
    const signature = Buffer.alloc(64);
    signature[0] = 1;
    return token(key, { signature });
  },
  "kid of another key set": (key) => token({ ...key, kid: "k2" }),
  "kid missing": (key) => token(key, { header: { kid: undefined } }),
  "kid empty": (key) => token(key, { header: { kid: "" } }),
  "kid a path": (key) => token(key, { header: { kid: "../../../../dev/null" } }),
  "kid SQL": (key) => token(key, { header: { kid: "k1' UNION SELECT 'x" } }),
  "kid with NUL": (key) => token(key, { header: { kid: "k1\u0000" } }),
  "kid a number": (key) => token(key, { header: { kid: 1 } }),
  "kid an object": (key) => token(key, { header: { kid: { $ne: null } } }),
  "kid of 2 KB": (key) => token(key, { header: { kid: "k".repeat(2000) } }),
  "kid in other case": (key) => token(key, { header: { kid: "K1" } }),
  "kid prototype": (key) => token(key, { header: { kid: "__proto__" } }),
  "typ missing": (key) => token(key, { header: { typ: undefined } }),
  "typ of an ID token": (key) => token(key, { header: { typ: "JWT" } }),
  "typ of a logout token": (key) => token(key, { header: { typ: "logout+jwt" } }),
  "duplicate alg": (key) =>
    token(key, { rawHeader: `{"alg":"EdDSA","alg":"none","typ":"at+jwt","kid":"${key.kid}"}` }),
  "duplicate kid": (key) =>
    token(key, { rawHeader: `{"alg":"EdDSA","typ":"at+jwt","kid":"${key.kid}","kid":"${key.kid}"}` }),
  "duplicate claim": (key) => token(key, { payload: JSON.stringify(claims()).replace("{", '{"exp":9999999999,') }),
  "unknown claim": (key) => token(key, { claims: { role: "admin" } }),
  "header an array": (key) => token(key, { rawHeader: "[]" }),
  "header nested deeply": (key) => token(key, { rawHeader: `{"alg":"EdDSA","typ":"at+jwt","kid":${deep(300)}}` }),
  "header not JSON": (key) => token(key, { rawHeader: "alg" }),
  "header with a byte order mark": (key) =>
    token(key, { rawHeader: `\ufeff{"alg":"EdDSA","typ":"at+jwt","kid":"${key.kid}"}` }),
  "claims not JSON": (key) => token(key, { payload: "sub" }),
  "claims an array": (key) => token(key, { payload: "[]" }),
  "claims nested deeply": (key) => token(key, { payload: deep(300) }),
  "claims not UTF-8": (key) => token(key, { payload: Buffer.from([0x7b, 0xff, 0x7d]) }),
  "base64 padding": (key) => bent(key, (text) => `${text}=`),
  "base64 standard alphabet": (key) => `${parts(token(key))[0]}.${Buffer.from("{}??>>").toString("base64")}.AAAA`,
  "base64 with a line feed escaped into the text": (key) => bent(key, (text) => `${text}%0a`),
  "base64 last character not canonical": (key) =>
    bent(key, (text) => {
      const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
      const last = alphabet.indexOf(text.at(-1));
      return text.slice(0, -1) + alphabet[last ^ 1];
    }),
  "two parts": (key) => bent(key, (text) => parts(text).slice(0, 2).join(".")),
  "four parts": (key) => bent(key, (text) => `${text}.AAAA`),
  "JWE in five parts": () => "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA",
  "empty parts": () => "..",
  "a dot": () => ".",
  "oversize": (key) => token(key, { claims: { customer_email: `${"a".repeat(9000)}@example.com` } }),
  "oversize header": (key) => token(key, { header: { pad: "x".repeat(9000) } }),
  "exp missing": (key) => token(key, { claims: { exp: undefined } }),
  "exp a text": (key) => token(key, { claims: { exp: String(seconds() + 60) } }),
  "exp null": (key) => token(key, { claims: { exp: null } }),
  "exp a fraction": (key) => token(key, { claims: { exp: seconds() + 60.5 } }),
  "exp negative": (key) => token(key, { claims: { exp: -1 } }),
  "exp 1e20": (key) => token(key, { payload: JSON.stringify(claims({ exp: 0 })).replace('"exp":0', '"exp":1e20') }),
  "exp beyond 64 bits": (key) =>
    token(key, { payload: JSON.stringify(claims({ exp: 0 })).replace('"exp":0', '"exp":18446744073709551616') }),
  "exp far in the future": (key) => token(key, { claims: { exp: seconds() + 10 * 365 * 86400 } }),
  "exp of 64 bits": (key) =>
    token(key, { payload: JSON.stringify(claims({ exp: 0 })).replace('"exp":0', '"exp":18446744073709551615') }),
  "lifetime one second too long": (key) => {
    const now = seconds();
    return token(key, { claims: { iat: now, nbf: now, auth_time: now, exp: now + 4 * 3600 + 1 } });
  },
  "session older than twelve hours": (key) => token(key, { claims: { auth_time: seconds() - 12 * 3600 } }),
  "auth_time missing": (key) => token(key, { claims: { auth_time: undefined } }),
  "auth_time after issue": (key) => token(key, { claims: { auth_time: seconds() + 3600 } }),
  "nbf in the future": (key) => token(key, { claims: { nbf: seconds() + 120 } }),
  "nbf missing": (key) => token(key, { claims: { nbf: undefined } }),
  "nbf that overflows a calendar": (key) => token(key, { claims: { nbf: -8334601228800 } }),
  "nbf the smallest number": (key) =>
    token(key, { payload: JSON.stringify(claims({ nbf: 0 })).replace('"nbf":0', '"nbf":-9223372036854775808') }),
  "iat in the future": (key) => token(key, { claims: { iat: seconds() + 120 } }),
  "iat missing": (key) => token(key, { claims: { iat: undefined } }),
  "iat after exp": (key) => token(key, { claims: { iat: seconds() + 7200 } }),
  "iss missing": (key) => token(key, { claims: { iss: undefined } }),
  "iss with a trailing slash": (key) => token(key, { claims: { iss: "https://api.raxx.app/" } }),
  "iss in other case": (key) => token(key, { claims: { iss: "https://API.raxx.app" } }),
  "iss a list": (key) => token(key, { claims: { iss: ["https://api.raxx.app"] } }),
  "aud missing": (key) => token(key, { claims: { aud: undefined } }),
  "aud a list": (key) => token(key, { claims: { aud: ["https://support.raxx.app"] } }),
  "aud a beginning of ours": (key) => token(key, { claims: { aud: "https://support.raxx" } }),
  "aud with a suffix": (key) => token(key, { claims: { aud: "https://support.raxx.app.evil.example" } }),
  "aud in other case": (key) => token(key, { claims: { aud: "HTTPS://support.raxx.app" } }),
  "sub missing": (key) => token(key, { claims: { sub: undefined } }),
  "sub empty": (key) => token(key, { claims: { sub: "" } }),
  "sub an e-mail": (key) => token(key, { claims: { sub: "a@example.com" } }),
  "sub in upper case": (key) => token(key, { claims: { sub: "CU_0123456789ABCDEFGHJKMNPQRS" } }),
  "jti missing": (key) => token(key, { claims: { jti: undefined } }),
  "e-mail missing": (key) => token(key, { claims: { customer_email: undefined } }),
};

describe("forged tokens", () => {
  let edge;
  before(async () => {
    edge = await start();
    // The key set is fetched by a sound token first, so that a later fetch would be one for the sake of a forged one.
    const response = await edge.as(token(edge.key), TICKETS);
    assert.equal(response.status, 200, await response.text());
  });
  beforeEach(() => edge.forget());
  after(() => edge.stop());

  let body;
  for (const [name, forge] of Object.entries(FORGED)) {
    test(name, async () => {
      const response = await edge.as(forge(edge.key), TICKETS);
      assert.equal(response.headers.get("www-authenticate"), 'Bearer realm="support.raxx.app"');
      const document = await problem(response, 401, "unauthenticated");
      // One opaque answer: nothing but the reference differs.
      delete document.reference;
      body ??= document;
      assert.deepEqual(document, body);
      assert.deepEqual(edge.raptor.received, [], "it reached Raptor");
    });
  }

  const refusedRaw = (answer, status = 401) => {
    assert.equal(answer.status, status, answer.body);
    assert.deepEqual(edge.raptor.received, [], "it reached Raptor");
  };

  test("two Authorization headers", async () => {
    const sound = token(edge.key);
    const lines = [`authorization: Bearer ${sound}`, `authorization: Bearer ${sound}`];
    refusedRaw(await rawGet(edge.url, TICKETS, lines));
  });
  test("other schemes and forms of the header", async () => {
    const sound = token(edge.key);
    for (const value of [sound, `Basic ${sound}`, `Bearer`, `Bearer  ${sound}`, `Bearer ${sound} x`, `DPoP ${sound}`, `Bearer ${sound},${sound}`]) {
      refusedRaw(await rawGet(edge.url, TICKETS, [`authorization: ${value}`]));
    }
  });
  test("JSON serialisation in place of the compact one", async () => {
    const [header, payload, signature] = token(edge.key).split(".");
    refusedRaw(
      await rawGet(edge.url, TICKETS, [`authorization: Bearer ${JSON.stringify({ protected: header, payload, signature })}`]),
    );
  });
  test("a token in the query or in a cookie is no token", async () => {
    const sound = token(edge.key);
    refusedRaw(await rawGet(edge.url, `${TICKETS}?access_token=${sound}`));
    refusedRaw(await rawGet(edge.url, TICKETS, [`cookie: session=${sound}; Authorization=Bearer ${sound}`]));
    refusedRaw(await rawGet(edge.url, `${TICKETS}?access_token=${sound}`, [`authorization: Bearer ${sound}`]), 400);
  });
  test("no token", async () => {
    refusedRaw(await rawGet(edge.url, TICKETS));
  });
  test("a token of 64 KB is an answer, not a crash", async () => {
    const answer = await raw(
      edge.url,
      `GET ${TICKETS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${"a".repeat(65_536)}\r\nconnection: close\r\n\r\n`,
    );
    // workerd itself may refuse a header of this size before the worker sees it.
    assert.ok([401, 431].includes(answer.status), String(answer.status));
    assert.deepEqual(edge.raptor.received, []);
  });
  test("a kid of 64 KB is an answer, not a crash", async () => {
    const bent = token({ ...edge.key, kid: "k".repeat(65_536) });
    const answer = await raw(edge.url, `GET ${TICKETS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${bent}\r\nconnection: close\r\n\r\n`);
    assert.ok([401, 431].includes(answer.status), String(answer.status));
    assert.deepEqual(edge.raptor.received, []);
  });
  test("white space within a token", async () => {
    const sound = token(edge.key);
    for (const space of [" ", "\t"]) {
      refusedRaw(await rawGet(edge.url, TICKETS, [`authorization: Bearer ${sound.replace(".", `.${space}`)}`]));
      refusedRaw(await rawGet(edge.url, TICKETS, [`authorization: Bearer ${sound.slice(0, 40)}${space}${sound.slice(40)}`]));
    }
  });
  test("an expired token is told apart only because we signed it", async () => {
    const now = seconds();
    const times = (age) => ({ iat: now - 7200, nbf: now - 7200, auth_time: now - 7200, exp: now - age });
    await problem(await edge.as(token(edge.key, { claims: times(31) }), TICKETS), 401, "session_expired");
    await problem(await edge.as(token(keyPair("k1"), { claims: times(31) }), TICKETS), 401, "unauthenticated");
    assert.deepEqual(edge.raptor.received, []);
  });
  test("clocks may be apart by half a minute", async () => {
    const now = seconds();
    for (const sound of [{ exp: now - 5 }, { nbf: now + 20, iat: now + 20 }]) {
      const response = await edge.as(token(edge.key, { claims: { auth_time: now - 60, iat: now - 60, nbf: now - 60, ...sound } }), TICKETS);
      assert.equal(response.status, 200, await response.text());
    }
  });
  test("the fully specified name of the algorithm is accepted", async () => {
    const response = await edge.as(token(edge.key, { header: { alg: "Ed25519" } }), TICKETS);
    assert.equal(response.status, 200, await response.text());
  });
  test("the scheme's case does not matter", async () => {
    const answer = await rawGet(edge.url, TICKETS, [`authorization: bearer ${token(edge.key)}`]);
    assert.equal(answer.status, 200);
  });
  test("a token of eight kilobytes, and made-up kids, do not make the edge ask for keys", async () => {
    for (let number = 0; number < 20; number += 1) {
      const response = await edge.as(token({ ...edge.key, kid: `made-up-${number}` }), TICKETS);
      assert.equal(response.status, 401);
      await response.text();
    }
    assert.ok(edge.keys.received.length <= 1, `${edge.keys.received.length} fetches`);
    assert.deepEqual(edge.raptor.received, []);
  });
});

describe("ES256 by configuration", () => {
  const key = keyPair("e1", "p256");
  let edge;
  before(async () => {
    edge = await start({ key, vars: { JWT_ALGS: "EdDSA,ES256" } });
    const response = await edge.as(token(key), TICKETS);
    assert.equal(response.status, 200, await response.text());
  });
  beforeEach(() => edge.forget());
  after(() => edge.stop());

  const wrong = {
    "all zero (psychic)": Buffer.alloc(64),
    "r = n": Buffer.concat([N, Buffer.alloc(32, 1)]),
    "s = n": Buffer.concat([Buffer.alloc(32, 1), N]),
    "r and s all ones": Buffer.alloc(64, 0xff),
    "in DER": der(70),
    "63 bytes": Buffer.alloc(63, 1),
    "random": Buffer.alloc(64, 0x5a),
  };
  for (const [name, signature] of Object.entries(wrong)) {
    test(`signature ${name}`, async () => {
      await problem(await edge.as(token(key, { signature }), TICKETS), 401, "unauthenticated");
      assert.deepEqual(edge.raptor.received, []);
    });
  }
  test("signed by a stranger", async () => {
    await problem(await edge.as(token(keyPair("e1", "p256")), TICKETS), 401, "unauthenticated");
    assert.deepEqual(edge.raptor.received, []);
  });
  test("an Ed25519 token under the kid of a P-256 key", async () => {
    await problem(await edge.as(token(keyPair("e1")), TICKETS), 401, "unauthenticated");
    assert.deepEqual(edge.raptor.received, []);
  });
});
