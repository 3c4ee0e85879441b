// The key set: rotated, missing, broken, hostile.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { logLines, start } from "../harness/edge.mjs";
import { problem } from "../harness/judge.mjs";
import { keyPair, keySet, token } from "../harness/tokens.mjs";

const TICKETS = "/api/v1/support/tickets";

describe("the key set", () => {
  let edge;
  let sound;
  before(async () => {
    edge = await start();
    sound = edge.keys.answer;
  });
  beforeEach(async () => {
    edge.keys.answer = sound;
    edge.published = keySet(edge.key);
    await edge.restart();
    edge.forget();
  });
  after(() => edge.stop());

  const asked = async (key) => {
    const response = await edge.as(token(key), TICKETS);
    await response.text();
    return response.status;
  };

  test("is asked for once, not for each request", async () => {
    for (let count = 0; count < 10; count += 1) assert.equal(await asked(edge.key), 200);
    assert.equal(edge.keys.received.length, 1);
  });

  test("requests at once each ask for themselves, and all are answered", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => asked(edge.key)));
    assert.deepEqual(new Set(all), new Set([200]));
  });

  test("a key that was added is found at once, and one that was taken away no longer counts", async () => {
    const next = keyPair("k2");
    assert.equal(await asked(edge.key), 200);
    const old = token(edge.key);
    assert.equal((await edge.as(old, TICKETS)).status, 200, "remembered");
    edge.published = keySet(next);
    assert.equal(await asked(next), 200, "added");
    const response = await edge.as(old, TICKETS);
    await problem(response, 401, "unauthenticated");
  });

  test("unknown kids are worth one fetch in thirty seconds", async () => {
    assert.equal(await asked(edge.key), 200);
    const all = await Promise.all(Array.from({ length: 30 }, (_, n) => asked({ ...keyPair("x"), kid: `kid-${n}` })));
    assert.deepEqual(new Set(all), new Set([401]));
    assert.equal(edge.keys.received.length, 2);
  });

  const broken = {
    "an error page": (_, response) => {
      response.writeHead(500, { "content-type": "text/html" });
      response.end("<h1>Application error</h1>");
    },
    "HTML with status 200": (_, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<h1>hi</h1>");
    },
    "HTML that says it is JSON": (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end("<h1>hi</h1>");
    },
    "an empty set": (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"keys":[]}');
    },
    "five megabytes": (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(`{"keys":[],"pad":"${"x".repeat(5 * 1024 * 1024)}"}`);
    },
    "five megabytes in chunks": (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      for (let count = 0; count < 80; count += 1) response.write("x".repeat(65_536));
      response.end();
    },
    "a redirect to another host": (_, response) => {
      response.writeHead(302, { location: `${edge.raptor.url}/.well-known/jwks.json` });
      response.end();
    },
    "a duplicate kid": (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(keySet(edge.key, keyPair(edge.key.kid)));
    },
    "a private key": (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(keySet({ ...edge.key.privateKey.export({ format: "jwk" }), kid: edge.key.kid }));
    },
    "a truncated answer": (_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"keys":');
      response.destroy();
    },
    "a dropped connection": (_, response) => response.destroy(),
    "nothing for longer than we wait": () => {},
  };
  for (const [name, answer] of Object.entries(broken)) {
    test(`at a cold start: ${name}`, async () => {
      edge.keys.answer = answer;
      const response = await edge.as(token(edge.key), TICKETS);
      assert.equal(response.headers.get("retry-after"), "5");
      await problem(response, 503, "internal");
      assert.deepEqual(edge.raptor.received, [], "it reached Raptor");
      // Recovery needs nothing but the keys. Having just failed, the edge does without asking for a second.
      edge.keys.answer = sound;
      const deadline = Date.now() + 5000;
      let status;
      do status = await asked(edge.key);
      while (status !== 200 && Date.now() < deadline);
      assert.equal(status, 200);
    });

    test(`when warm: ${name}`, async () => {
      assert.equal(await asked(edge.key), 200);
      edge.keys.answer = answer;
      assert.equal(await asked(edge.key), 200, "known keys go on");
      // A kid that is not known cannot be judged while the keys are in trouble: our fault, not the customer's.
      edge.forget();
      await problem(await edge.as(token(keyPair("k9")), TICKETS), 503, "internal");
      assert.deepEqual(edge.raptor.received, [], "it reached Raptor");
      assert.equal(await asked(edge.key), 200, "and still do");
    });
  }

  test("a cold start without keys does not become a storm", async () => {
    edge.keys.answer = broken["an error page"];
    for (let count = 0; count < 30; count += 1) assert.equal(await asked(edge.key), 503);
    assert.ok(edge.keys.received.length <= 3, `${edge.keys.received.length} fetches`);
    await logLines(edge, (lines) => lines.some((line) => line.outcome === "key_set_refused" && line.detail === "status"));
  });

  test("a weak key is no key", async () => {
    const weak = { kty: "OKP", crv: "Ed25519", kid: "k1", x: Buffer.from([1, ...Array(31).fill(0)]).toString("base64url") };
    edge.published = keySet(weak);
    const forged = token(edge.key, { signature: Buffer.from([1, ...Array(63).fill(0)]) });
    await problem(await edge.as(forged, TICKETS), 503, "internal");
    assert.deepEqual(edge.raptor.received, []);
  });

  test("a second spelling of a key is no key", async () => {
    // 1 + p in place of 1: the same point, which is of small order besides, and an encoding that RFC 8032 does not allow.
    const respelled = Buffer.from([0xee, ...Array(30).fill(0xff), 0x7f]).toString("base64url");
    edge.published = keySet({ kty: "OKP", crv: "Ed25519", kid: "k1", x: respelled });
    await problem(await edge.as(token(edge.key), TICKETS), 503, "internal");
    assert.deepEqual(edge.raptor.received, []);
  });

  test("keys of other curves are left out, and nobody gets in by their names", async () => {
    const { x } = keyPair("a").jwk;
    const { x: px, y: py } = keyPair("a", "p256").jwk;
    const others = [
      { kty: "OKP", crv: "X25519", x },
      { kty: "OKP", crv: "Ed448", x },
      { kty: "OKP", crv: "P-256", x },
      { kty: "EC", crv: "Ed25519", x: px, y: py },
      { kty: "EC", crv: "P-384", x: px, y: py },
      { kty: "EC", crv: "secp256k1", x: px, y: py },
    ];
    edge.published = keySet(...others.map((key, place) => ({ ...key, kid: `other-${place}` })), edge.key);
    assert.equal(await asked(edge.key), 200);
    edge.forget();
    for (const place of others.keys()) {
      await problem(await edge.as(token(keyPair(`other-${place}`)), TICKETS), 401, "unauthenticated");
    }
    assert.deepEqual(edge.raptor.received, []);
  });

  test("keys for other purposes are left out and do no harm", async () => {
    const rsa = { kty: "RSA", kid: "r", n: "AQAB", e: "AQAB" };
    const encryption = { ...keyPair("e").jwk, use: "enc" };
    edge.published = keySet(rsa, encryption, edge.key);
    assert.equal(await asked(edge.key), 200);
    await problem(await edge.as(token({ ...keyPair("e") }), TICKETS), 401, "unauthenticated");
  });
});
