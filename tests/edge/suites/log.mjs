// What the worker writes down.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { SERVICE_TOKEN, logLines, start } from "../harness/edge.mjs";
import { EMAIL, token } from "../harness/tokens.mjs";

const LIST = "/api/v1/support/tickets";
const NEW = { subject: "Wrong strike", body: "The order ticket shows the wrong strike." };
const KEY = { "idempotency-key": "0123456789abcdef0123", "content-type": "application/json" };

describe("the log", () => {
  let edge;
  let session;
  before(async () => {
    edge = await start();
    session = token(edge.key);
  });
  after(() => edge.stop());

  const post = (body) => edge.as(session, LIST, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body), headers: KEY });

  test("the log says what happened and nothing that is private", async () => {
    edge.logged.length = 0;
    const secret = "secret words of a customer";
    const response = await post({ ...NEW, body: secret });
    const id = response.headers.get("x-request-id");
    await response.text();
    await (await edge.as(`${session}x`, LIST)).text();
    await (await edge.fetch(`/nowhere/${EMAIL}?q=${encodeURIComponent(secret)}`)).text();
    await (await post(`{"subject":"${secret}","x":1}`)).text();
    const lines = await logLines(edge, (found) => found.filter((line) => line.request_id).length >= 4);
    const mine = lines.filter((line) => line.request_id === id);
    assert.equal(mine.length, 1, "one line for each request");
    assert.deepEqual(
      { route: mine[0].route, method: mine[0].method, status: mine[0].status, outcome: mine[0].outcome, kid: mine[0].kid },
      { route: LIST, method: "POST", status: 201, outcome: "served", kid: "k1" },
    );
    const log = edge.logged.join("\n");
    const parts = session.split(".");
    for (const forbidden of [secret, EMAIL, SERVICE_TOKEN, session, parts[1], parts[2], parts[2].slice(10, 30), "203.0.113"]) {
      assert.ok(!log.includes(forbidden), `the log holds ${forbidden}`);
    }
  });
});
