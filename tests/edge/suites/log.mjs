// What the worker writes down.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { LIST, NEW, contract } from "../harness/contract.mjs";
import { SERVICE_TOKEN, logLines } from "../harness/edge.mjs";
import { EMAIL } from "../harness/tokens.mjs";

describe("the log", () => {
  const world = contract();

  test("the log says what happened and nothing that is private", async () => {
    world.edge.logged.length = 0;
    const secret = "secret words of a customer";
    const response = await world.post({ ...NEW, body: secret });
    const id = response.headers.get("x-request-id");
    await response.text();
    await (await world.edge.as(`${world.session}x`, LIST)).text();
    await (await world.edge.fetch(`/nowhere/${EMAIL}?q=${encodeURIComponent(secret)}`)).text();
    await (await world.post(`{"subject":"${secret}","x":1}`)).text();
    const lines = await logLines(world.edge, (found) => found.filter((line) => line.request_id).length >= 4);
    const mine = lines.filter((line) => line.request_id === id);
    assert.equal(mine.length, 1, "one line for each request");
    assert.deepEqual(
      { route: mine[0].route, method: mine[0].method, status: mine[0].status, outcome: mine[0].outcome, kid: mine[0].kid },
      { route: LIST, method: "POST", status: 201, outcome: "served", kid: "k1" },
    );
    const log = world.edge.logged.join("\n");
    const parts = world.session.split(".");
    for (const forbidden of [secret, EMAIL, SERVICE_TOKEN, world.session, parts[1], parts[2], parts[2].slice(10, 30), "203.0.113"]) {
      assert.ok(!log.includes(forbidden), `the log holds ${forbidden}`);
    }
  });
});
