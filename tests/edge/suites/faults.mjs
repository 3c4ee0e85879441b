// Raptor down, slow, or lying about HTTP: what the customer gets, and that it recovers.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { LIST, contract } from "../harness/contract.mjs";
import { logLines } from "../harness/edge.mjs";
import { hardened, problem } from "../harness/judge.mjs";
import { ATTACHMENT_ID, TICKETS, TICKET_ID, soundRaptor } from "../harness/origins.mjs";

describe("Raptor in trouble", () => {
  const world = contract();

  const gone = {
    "drops the connection": [(_, response) => response.destroy(), 503],
    "drops the connection within the body": [
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
        response.write('{"items":[');
        setImmediate(() => response.destroy());
      },
      503,
    ],
    "is behind a gateway that says 503": [(_, response) => response.writeHead(503, { "content-type": "text/html" }).end("Application error"), 503],
    "is behind a gateway that says 504": [(_, response) => response.writeHead(504).end(), 503],
  };
  for (const [name, [answer, status]] of Object.entries(gone)) {
    test(`Raptor ${name}`, async () => {
      world.edge.raptor.answer = answer;
      const response = await world.get(LIST);
      assert.equal(response.headers.get("retry-after"), "5");
      await problem(response, status, "helpdesk_unavailable");
      world.edge.raptor.answer = soundRaptor;
      const again = await world.get(LIST);
      assert.equal(again.status, 200, "recovered");
      await again.text();
    });
  }

  test("Raptor is down", async () => {
    await world.edge.raptor.stop();
    await problem(await world.get(LIST), 503, "helpdesk_unavailable");
    await world.edge.raptor.start();
    const again = await world.get(LIST);
    assert.equal(again.status, 200, "recovered");
    await again.text();
  });

  test("Raptor never answers: the edge does, after ten seconds", async () => {
    world.edge.raptor.answer = () => {};
    const began = Date.now();
    await problem(await world.get(LIST), 503, "helpdesk_unavailable");
    const took = Date.now() - began;
    assert.ok(took > 9_000 && took < 13_000, `${took} ms`);
  });

  test("an informational answer is none of the contract's, and what follows it is not mistaken for another", async () => {
    world.edge.raptor.answer = (request, response) => {
      response.writeProcessing();
      soundRaptor(request, response);
    };
    await problem(await world.get(LIST), 502, "contract_violation");
    world.edge.raptor.answer = soundRaptor;
    for (let count = 0; count < 3; count += 1) {
      const response = await world.get(LIST);
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), TICKETS);
    }
  });

  // Bytes that Node would not send: Raptor's socket is written to by hand.
  const raw = (text) => (request) => request.socket.end(text.replaceAll("\n", "\r\n"));
  const JSON_TYPE = "content-type: application/json";
  const smuggled = 'HTTP/1.1 200 OK\ncontent-type: application/json\ncontent-length: 12\n\n{"items":[]}';
  const lying = {
    "204 with a body": [raw(`HTTP/1.1 204 No Content\ncontent-length: 5\n\nhello`), [502, 503]],
    "204 with another answer behind it": [raw(`HTTP/1.1 204 No Content\n\n${smuggled}`), [502, 503]],
    "205 with a body": [raw(`HTTP/1.1 205 Reset Content\n${JSON_TYPE}\ncontent-length: 5\n\nhello`), [502, 503]],
    "304 with a body": [raw(`HTTP/1.1 304 Not Modified\n${JSON_TYPE}\ncontent-length: 5\n\nhello`), [502, 503]],
    "101 that nobody asked for": [raw(`HTTP/1.1 101 Switching Protocols\nupgrade: websocket\nconnection: upgrade\n\n`), [502, 503]],
    "103 and then nothing": [raw(`HTTP/1.1 103 Early Hints\nlink: </x>; rel=preload\n\n`), [502, 503]],
    "two lengths": [raw(`HTTP/1.1 200 OK\n${JSON_TYPE}\ncontent-length: 2\ncontent-length: 12\n\n{"items":[]}`), [502, 503]],
    "a length and chunks": [raw(`HTTP/1.1 200 OK\n${JSON_TYPE}\ncontent-length: 3\ntransfer-encoding: chunked\n\n3\n{"i\n0\n\n`), [502, 503]],
    "no HTTP at all": [raw("+OK ready\n"), [503]],
    "a status of 999": [raw(`HTTP/1.1 999 Odd\n${JSON_TYPE}\ncontent-length: 2\n\n{}`), [502, 503]],
    "a header of 300 KB": [raw(`HTTP/1.1 200 OK\n${JSON_TYPE}\nx-pad: ${"x".repeat(300_000)}\ncontent-length: 2\n\n{}`), [502, 503]],
  };
  for (const [name, [answer, statuses]] of Object.entries(lying)) {
    test(`Raptor sends ${name}`, async () => {
      world.edge.raptor.answer = answer;
      const response = await world.get(LIST);
      const text = await response.text();
      assert.ok(statuses.includes(response.status), `${response.status}: ${text}`);
      hardened(response);
      assert.equal(response.headers.get("content-type"), "application/problem+json");
      assert.ok(["contract_violation", "helpdesk_unavailable"].includes(JSON.parse(text).code), text);
      world.edge.raptor.answer = soundRaptor;
      // What came after the end of an answer is taken for the next one by workerd, on a connection that Raptor has closed by then. It
      // must not pass for what it is not.
      const later = [];
      for (let count = 0; count < 5; count += 1) later.push(await (await world.get(LIST)).json());
      assert.deepEqual(later.at(-1), TICKETS, "recovered");
      for (const document of later) {
        if (!("items" in document)) assert.ok(document.status >= 502, JSON.stringify(document));
        else assert.deepEqual(document, TICKETS);
      }
    });
  }

  test("a 204 that is promised stays one, whatever comes with it", async () => {
    for (const answer of [raw(`HTTP/1.1 204 No Content\ncontent-length: 5\n\nhello`), raw(`HTTP/1.1 204 No Content\n\n${smuggled}`)]) {
      world.edge.raptor.answer = answer;
      const response = await world.get("/api/v1/auth/session", { method: "DELETE" });
      assert.ok([204, 503].includes(response.status), String(response.status));
      hardened(response);
      assert.doesNotMatch(await response.text(), /hello|items/);
    }
  });
});

describe("Raptor refuses the edge's own bearer", () => {
  const world = contract();

  // What service-auth answers, and what something in front of Raptor might make of it.
  const body = '{"type":"about:blank","title":"Unauthorized","status":401,"code":"unauthenticated"}';
  const complete = JSON.stringify({ type: "urn:x", title: "t", status: 401, code: "unauthenticated", reference: "R-00000-00001" });
  const refusals = {
    "as it does": ['Bearer realm="service"', "application/problem+json", body],
    "with a document that would pass for the customer's": ['Bearer realm="service"', "application/problem+json", complete],
    "with a challenge in another spelling": ["bearer Realm = service", "application/problem+json", complete],
    "with two challenges": ['Bearer realm="support", Bearer realm="service"', "application/problem+json", complete],
    "without a problem document": ['Bearer realm="service"', "text/html", "<h1>401</h1>"],
  };
  const routes = {
    "a document": (init) => world.get(LIST, init),
    "an empty answer": () => world.get("/api/v1/auth/session", { method: "DELETE" }),
    "a file": () => world.get(`${LIST}/${TICKET_ID}/attachments/${ATTACHMENT_ID}`),
    "events": () => world.get("/api/v1/support/events"),
    "an upload": () =>
      world.get("/api/v1/support/uploads?name=a.png", { method: "POST", body: "x", headers: { "content-type": "application/octet-stream" } }),
    "a public route": () => world.edge.fetch("/api/v1/support/notices"),
    "a sign-in": () => world.edge.fetch("/api/v1/auth/passkey/options", { method: "POST" }),
  };
  for (const [how, [challenge, type, text]] of Object.entries(refusals)) {
    test(`${how}: our fault, on every route, and nobody is signed out`, async () => {
      world.edge.raptor.answer = (_, response) =>
        response.writeHead(401, { "content-type": type, "www-authenticate": challenge }).end(text);
      for (const [name, ask] of Object.entries(routes)) {
        const response = await ask();
        assert.equal(response.headers.get("www-authenticate"), null, name);
        const { reference } = await problem(response, 503, "internal");
        await logLines(world.edge, (lines) =>
          lines.some((line) => line.outcome === "service_bearer_refused" && line.level === "warn" && line.reference === reference),
        );
      }
    });
  }

  test("a 401 without a word about whom it means never becomes the customer's", async () => {
    for (const challenge of [{}, { "www-authenticate": "Bearer" }, { "www-authenticate": 'Basic realm="proxy"' }]) {
      world.edge.raptor.answer = (_, response) => response.writeHead(401, { "content-type": "application/problem+json", ...challenge }).end(body);
      await problem(await world.get(LIST), 502, "contract_violation");
    }
  });
});
