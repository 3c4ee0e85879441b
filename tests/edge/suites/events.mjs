// Streams of events: they arrive as they happen, and end when they last too long, fall silent or grow too large.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { contract } from "../harness/contract.mjs";
import { INSTRUMENTED } from "../harness/edge.mjs";
import { hardened, problem } from "../harness/judge.mjs";
import { seconds, token } from "../harness/tokens.mjs";

const EVENTS = "/api/v1/support/events";
const READY = "event: ready\ndata: {}\n\n";
const MEBIBYTE = 1024 * 1024;
const MINUTE = 60_000;

async function until(what, holds) {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    assert.ok(Date.now() < deadline, what);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("events through the firewall", () => {
  const world = contract({ entry: INSTRUMENTED });

  /** Raptor's side of the stream that was opened last. */
  let stream;
  /** Raptor opens a stream, says what it is told to at once, and nothing more. */
  const raptor = (begin = (response) => response.write(READY), headers = {}) => {
    stream = undefined;
    world.edge.raptor.answer = (_, response) => {
      stream = { response, released: false };
      response.on("close", () => (stream.released = true));
      response.writeHead(200, { "content-type": "text/event-stream", ...headers });
      response.flushHeaders();
      begin(response);
    };
  };
  /** Signs of life, so many milliseconds apart, as Raptor gives them every 15 seconds. */
  const beating = (milliseconds) => (response) => {
    response.write(READY);
    const beat = setInterval(() => response.write(": alive\n\n"), milliseconds);
    response.on("close", () => clearInterval(beat));
  };
  /** How many times as fast the worker's timers run, those of at least so many milliseconds. */
  const hurry = async (factor, from) => (await world.edge.fetch(`/test/timers?hurry=${factor}&from=${from}`)).text();
  const opened = async (session = world.session, init = {}) => {
    // What never ends fails its test.
    const response = await world.edge.as(session, EVENTS, { signal: AbortSignal.timeout(20_000), ...init });
    assert.equal(response.status, 200, "the stream opens");
    return response;
  };
  const released = () => until("Raptor is let go of", () => stream.released);
  const texts = (response) => response.body.pipeThrough(new TextDecoderStream()).getReader();

  beforeEach(() => hurry(1, 0));

  test("arrive as they happen", async () => {
    raptor();
    const response = await opened(world.session, { headers: { "last-event-id": "41" } });
    hardened(response);
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    const reader = texts(response);
    assert.match((await reader.read()).value, /event: ready/);
    stream.response.write("event: resync\ndata: {}\n\n");
    assert.match((await reader.read()).value, /event: resync/);
    assert.equal(world.edge.raptor.received[0].headers["last-event-id"], "41");
    await reader.cancel();
  });

  test("end with the session's token, whatever Raptor does", async () => {
    raptor(beating(100));
    // A second of life is left.
    const response = await opened(token(world.edge.key, { claims: { exp: seconds() + 1 } }));
    const began = Date.now();
    assert.match(await response.text(), /event: ready/);
    const took = Date.now() - began;
    assert.ok(took < 15_000, `${took} ms`);
    await released();
  });

  test("end after an hour, however long the session lasts", async () => {
    raptor(beating(50));
    await hurry(1000, 30 * MINUTE);
    const response = await opened(token(world.edge.key, { claims: { exp: seconds() + 4 * 3600 - 10 } }));
    const began = Date.now();
    await response.text();
    const took = Date.now() - began;
    assert.ok(took >= 3_000 && took < 15_000, `${took} ms in place of 3,600`);
    await released();
  });

  test("of which there is not even a beginning are a 503", async () => {
    world.edge.raptor.answer = () => {};
    await hurry(10, 15_000);
    await problem(await world.get(EVENTS), 503, "helpdesk_unavailable");
  });

  test("end when Raptor says nothing for a minute", async () => {
    raptor(() => {});
    await hurry(100, MINUTE);
    const began = Date.now();
    assert.equal(await (await opened()).text(), "");
    const took = Date.now() - began;
    assert.ok(took >= 500 && took < 15_000, `${took} ms in place of 600`);
    await released();
  });

  test("go on as long as Raptor gives signs of life", async () => {
    raptor();
    // Two seconds of silence would end it.
    await hurry(30, MINUTE);
    const reader = texts(await opened());
    assert.match((await reader.read()).value, /ready/);
    for (let beat = 0; beat < 6; beat += 1) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      stream.response.write(`: ${beat}\n\n`);
      assert.equal((await reader.read()).value, `: ${beat}\n\n`);
    }
    await reader.cancel();
  });

  test("that are one endless line end before a mebibyte", async () => {
    raptor((response) => {
      const line = Buffer.alloc(16_384, "x");
      const more = () => {
        while (!response.destroyed && response.write(line));
      };
      response.on("drain", more);
      response.write("data: ");
      more();
    });
    const text = await (await opened()).text();
    assert.ok(text.startsWith("data: xxx"), text.slice(0, 20));
    assert.ok(text.length > MEBIBYTE / 2 && text.length <= MEBIBYTE, `${text.length} bytes`);
    await released();
  });

  test("that break off end there, and the next stream opens", async () => {
    raptor((response) => {
      response.write(`${READY}event: ticket_ch`, () => response.socket.destroy());
    });
    const text = await (await opened()).text();
    assert.ok(`${READY}event: ticket_ch`.startsWith(text), text);
    raptor((response) => response.end(READY));
    assert.equal(await (await opened()).text(), READY);
  });

  test("that hold nothing are an empty stream", async () => {
    raptor((response) => response.end(), { "content-length": "0" });
    assert.equal(await (await opened()).text(), "");
  });

  // The runtime notices that a client is gone when it has something to say to it.
  for (const [when, begin, speed] of [
    ["at the next sign of life", beating(50), 1],
    ["after a minute, should Raptor never say anything again", undefined, 50],
  ]) {
    test(`are let go of when the client goes away: ${when}`, async () => {
      raptor(begin);
      await hurry(speed, MINUTE);
      const abort = new AbortController();
      const response = await opened(world.session, { signal: abort.signal });
      assert.match((await texts(response).read()).value, /ready/);
      assert.equal(stream.released, false);
      abort.abort();
      await released();
    });
  }

  test("wait for a client that reads slowly, and end with it all the same", async () => {
    let written = 0;
    raptor((response) => {
      const events = Buffer.from(": much\n\n".repeat(8192));
      const more = () => {
        let room = true;
        while (room && !response.destroyed) {
          written += events.length;
          room = response.write(events);
        }
      };
      response.on("drain", more);
      more();
    });
    // The lifetime is what is left of the session: two seconds. Nobody reads.
    const response = await opened(token(world.edge.key, { claims: { exp: seconds() + 2 } }));
    await released();
    assert.ok(written < 16 * MEBIBYTE, `${written} bytes were taken from Raptor`);
    const text = await response.text();
    assert.ok(text.length <= MEBIBYTE, `${text.length} bytes`);
  });
});
