// The contract's golden examples, through the worker in workerd. They are checked on the host and in a browser as well.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { KEY, LIST, contract } from "../harness/contract.mjs";
import { ROOT } from "../harness/edge.mjs";
import { hardened } from "../harness/judge.mjs";
import { json, problem as raptorProblem } from "../harness/origins.mjs";

const read = (file) => JSON.parse(readFileSync(`${ROOT}/shared/${file}`, "utf8"));
const GOLDEN = read("golden.json");
/** The first two letters of a parameter's name, and the prefix of its ids. */
const PREFIXES = { ti: "tk", me: "ms", at: "at", up: "up" };
const METHODS = ["get", "post", "put", "delete"];

/** Every operation of the published document: its method, a path with sound parameters, and the status of its success. */
const OPERATIONS = Object.entries(read("openapi.json").paths).flatMap(([template, methods]) =>
  Object.entries(methods)
    .filter(([method]) => METHODS.includes(method))
    .map(([method, { operationId, requestBody, responses }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      path: template.replace(/\{(\w\w)\w*\}/g, (_, prefix) => `${PREFIXES[prefix]}_0123456789abcdefghjkmnpqrs`),
      status: Number(Object.keys(responses).find((status) => status.startsWith("2"))),
      upload: Boolean(requestBody?.content?.["application/octet-stream"]),
      document: Object.entries(responses).some(([status, { content }]) => status.startsWith("2") && content?.["application/json"]),
    })),
);

describe("golden examples in the worker", () => {
  const world = contract({ vars: { DEMO_ENROLMENT: "1" } });

  const call = ({ id, method, path, upload }, change = (body) => body) => {
    if (upload) {
      const headers = { "content-type": "application/octet-stream" };
      return world.get(`${path}?name=chart.png`, { method, headers, body: "bytes" });
    }
    const example = GOLDEN[`${id}.request`];
    return world.get(path, { method, headers: KEY, body: example && JSON.stringify(change(example)) });
  };

  test("there is an example for every body, and a route for every example", () => {
    const named = OPERATIONS.flatMap(({ id, document }) => [
      ...(`${id}.request` in GOLDEN ? [`${id}.request`] : []),
      ...(document ? [`${id}.response`] : []),
    ]);
    const bodies = Object.keys(GOLDEN).filter((name) => !name.startsWith("problem."));
    assert.deepEqual(named.sort(), bodies.sort());
    assert.ok(OPERATIONS.length >= 20, `${OPERATIONS.length} operations`);
  });

  for (const operation of OPERATIONS.filter(({ id }) => `${id}.request` in GOLDEN)) {
    test(`${operation.id}: the request reaches Raptor as it is meant, and one field more is refused`, async () => {
      await (await call(operation)).text();
      const [received] = world.edge.raptor.received;
      assert.equal(`${received.method} ${received.url}`, `${operation.method} ${operation.path}`);
      assert.deepEqual(JSON.parse(received.body), GOLDEN[`${operation.id}.request`]);
      world.edge.forget();
      const refused = await call(operation, (body) => ({ ...body, surprise: null }));
      assert.equal(refused.status, 400, await refused.text());
      world.unheard();
    });
  }

  for (const operation of OPERATIONS.filter(({ document }) => document)) {
    test(`${operation.id}: the answer passes byte for byte, is spelled in one way, and one field more is dropped`, async () => {
      const golden = GOLDEN[`${operation.id}.response`];
      const text = JSON.stringify(golden);
      world.edge.raptor.answer = json(text, operation.status);
      const answer = await call(operation);
      assert.equal(await answer.text(), text);
      assert.equal(answer.status, operation.status);
      hardened(answer);
      world.edge.raptor.answer = json(JSON.stringify(golden, null, 2), operation.status);
      const respelled = await (await call(operation)).text();
      assert.deepEqual(JSON.parse(respelled), golden);
      // What passes through as it is keeps its spaces.
      if (golden.public_key === undefined) assert.equal(respelled, text);
      world.edge.raptor.answer = json({ ...golden, surprise: null }, operation.status);
      assert.deepEqual(await (await call(operation)).json(), golden);
    });
  }

  for (const [name, golden] of Object.entries(GOLDEN).filter(([name]) => name.startsWith("problem."))) {
    test(`${name} passes`, async () => {
      world.edge.raptor.answer = raptorProblem(golden.code, golden.status, golden);
      const answer = await world.get(LIST);
      assert.equal(answer.status, golden.status);
      assert.deepEqual(await answer.json(), golden);
      hardened(answer);
    });
  }
});
