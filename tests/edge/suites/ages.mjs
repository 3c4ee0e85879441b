// What becomes of keys and verdicts as time goes by. The clock is the test's.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { INSTRUMENTED, logLines, start } from "../harness/edge.mjs";
import { problem } from "../harness/judge.mjs";
import { keyPair, keySet, seconds, token } from "../harness/tokens.mjs";

const TICKETS = "/api/v1/support/tickets";
const MINUTE = 60_000;

describe("the age of the key set", () => {
  let edge;
  let sound;
  let session;
  const down = (_, response) => response.destroy();
  before(async () => {
    edge = await start({ entry: INSTRUMENTED });
    sound = edge.keys.answer;
  });
  beforeEach(async () => {
    edge.keys.answer = sound;
    edge.published = keySet(edge.key);
    await edge.restart();
    session = token(edge.key, { claims: { exp: seconds() + 4 * 3600 - 10 } });
    assert.equal(await asked(), 200);
    edge.forget();
  });
  after(() => edge.stop());

  const ahead = async (milliseconds) => (await edge.fetch(`/test/clock?ahead=${milliseconds}`)).text();
  const asked = async (text = session) => {
    const response = await edge.as(text, TICKETS);
    await response.text();
    return response.status;
  };
  const fetched = async (count) => {
    const deadline = Date.now() + 5000;
    while (edge.keys.received.length < count && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(edge.keys.received.length, count);
  };

  test("up to five minutes nobody asks again", async () => {
    await ahead(5 * MINUTE - 1000);
    for (let count = 0; count < 5; count += 1) assert.equal(await asked(), 200);
    assert.equal(edge.keys.received.length, 0);
  });

  test("after five minutes one request has it refreshed behind its back, and nobody waits", async () => {
    await ahead(5 * MINUTE + 1000);
    let release;
    const held = new Promise((resolve) => {
      release = resolve;
    });
    edge.keys.answer = async (request, response) => {
      await held;
      sound(request, response);
    };
    for (let count = 0; count < 5; count += 1) assert.equal(await asked(), 200);
    await fetched(1);
    release();
  });

  test("a refresh brings a rotation without anybody noticing, and forgets verdicts of a key that is gone", async () => {
    const next = keyPair("k2");
    edge.published = keySet(next);
    await ahead(5 * MINUTE + 1000);
    assert.equal(await asked(), 200, "the old set is used once more");
    await fetched(1);
    const deadline = Date.now() + 5000;
    let status;
    do status = await asked();
    while (status === 200 && Date.now() < deadline);
    assert.equal(status, 401);
    const successor = token(next, { claims: { iat: seconds(), exp: seconds() + 3600 } });
    assert.equal(await asked(successor), 200);
    // The refreshed set is as young as its fetch.
    edge.forget();
    await ahead(10 * MINUTE);
    assert.equal(await asked(successor), 200);
    assert.equal(edge.keys.received.length, 0);
  });

  test("with the keys out of reach, known ones go on for an hour, asked for every ten seconds at most", async () => {
    edge.keys.answer = down;
    for (let minute = 6; minute < 60; minute += 6) {
      await ahead(minute * MINUTE);
      for (let count = 0; count < 3; count += 1) assert.equal(await asked(), 200, `minute ${minute}`);
    }
    // workerd itself may ask a second time where a kept connection was closed on it.
    assert.ok(edge.keys.received.length <= 18, `${edge.keys.received.length} fetches`);
    await logLines(edge, (lines) => lines.some((line) => line.outcome === "key_set_refused" && line.detail === "unreachable"));
  });

  test("after an hour the edge no longer believes them: 503, remembered verdicts included, until they are back", async () => {
    edge.keys.answer = down;
    await ahead(60 * MINUTE + 1000);
    edge.forget();
    const response = await edge.as(session, TICKETS);
    assert.equal(response.headers.get("retry-after"), "5");
    await problem(response, 503, "internal");
    await problem(await edge.as(token(edge.key), TICKETS), 503, "internal");
    assert.deepEqual(edge.raptor.received, [], "it reached Raptor");
    edge.keys.answer = sound;
    await ahead(60 * MINUTE + 3000);
    assert.equal(await asked(), 200, "recovered");
  });

  test("keys of an hour that are broken, not gone, are no better", async () => {
    for (const answer of [
      (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>hi</h1>"),
      (_, response) => response.writeHead(200, { "content-type": "application/json" }).end(`{"keys":[],"pad":"${"x".repeat(5 * 1024 * 1024)}"}`),
    ]) {
      edge.keys.answer = answer;
      await ahead(61 * MINUTE);
      await problem(await edge.as(session, TICKETS), 503, "internal");
      await ahead(0);
      await edge.restart();
      edge.keys.answer = sound;
      assert.equal(await asked(), 200);
    }
  });

  test("a remembered verdict ends with its token", async () => {
    const now = seconds();
    const short = token(edge.key, { claims: { exp: now + 60 } });
    assert.equal(await asked(short), 200);
    assert.equal(await asked(short), 200, "remembered");
    await ahead(89_000);
    assert.equal(await asked(short), 200, "clocks may be apart by half a minute");
    await ahead(92_000);
    await problem(await edge.as(short, TICKETS), 401, "session_expired");
  });
});
