// What the suites about the contract share: a worker before a sound Raptor, and a session.

import assert from "node:assert/strict";
import { after, before, beforeEach } from "node:test";

import { start } from "./edge.mjs";
import { soundRaptor } from "./origins.mjs";
import { token } from "./tokens.mjs";

export const LIST = "/api/v1/support/tickets";
export const NEW = { subject: "Wrong strike", body: "The order ticket shows the wrong strike." };
export const KEY = { "idempotency-key": "0123456789abcdef0123", "content-type": "application/json" };

/** Starts the worker with the suite that calls this, and stops it after. Raptor is sound and has heard nothing before each test. */
export function contract(options) {
  const world = {
    /** @type {Awaited<ReturnType<typeof start>>} */
    edge: undefined,
    /** A sound token. */
    session: undefined,
    /** With the session. */
    get: (path, init) => world.edge.as(world.session, path, init),
    post: (body, headers = KEY, path = LIST) =>
      world.get(path, {
        method: "POST",
        body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
        headers,
      }),
    unheard: () => assert.deepEqual(world.edge.raptor.received, [], "it reached Raptor"),
  };
  before(async () => {
    world.edge = await start(options);
    world.session = token(world.edge.key);
  });
  beforeEach(() => {
    world.edge.raptor.answer = soundRaptor;
    world.edge.forget();
  });
  after(() => world.edge.stop());
  return world;
}
