// What strangers can make the worker hold on to: nothing that grows.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { INSTRUMENTED, start } from "../harness/edge.mjs";
import { soundRaptor } from "../harness/origins.mjs";
import { token } from "../harness/tokens.mjs";

const TICKETS = "/api/v1/support/tickets";

describe("requests whose clients go away", () => {
  let edge;
  before(async () => {
    edge = await start({ entry: INSTRUMENTED });
  });
  after(() => edge.stop());

  const waiting = async () => (await edge.fetch("/test/waiting")).json();
  const until = async (what, holds, each = () => new Promise((resolve) => setTimeout(resolve, 5))) => {
    const deadline = Date.now() + 30_000;
    while (!(await holds())) {
      assert.ok(Date.now() < deadline, what);
      await each();
    }
  };

  test("leave nothing behind", async () => {
    const session = token(edge.key);
    assert.equal((await edge.as(session, TICKETS)).status, 200);
    assert.equal(await waiting(), 0);
    edge.raptor.answer = () => {};
    edge.forget();
    const abort = new AbortController();
    const gone = Array.from({ length: 50 }, () => edge.as(session, TICKETS, { signal: abort.signal }).catch(() => "gone"));
    await until("Raptor hears of all of them", () => edge.raptor.received.length >= 50);
    assert.equal(await waiting(), 50);
    abort.abort();
    assert.deepEqual(new Set(await Promise.all(gone)), new Set(["gone"]));
    // The runtime never runs them again; they are let go when the collector has noticed, for which it needs a reason.
    edge.raptor.answer = soundRaptor;
    await until("they are let go", async () => (await waiting()) === 0, async () => {
      await Promise.all(Array.from({ length: 50 }, async () => (await edge.as(session, TICKETS)).text()));
    });
  });
});
