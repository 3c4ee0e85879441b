// Raptor's answers against the contract: what passes, and what is withheld.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { LIST, NEW, contract } from "../harness/contract.mjs";
import { logLines } from "../harness/edge.mjs";
import { hardened, problem } from "../harness/judge.mjs";
import { TICKETS, TICKET_ID, json, problem as raptorProblem } from "../harness/origins.mjs";

/** The names that no customer may read, put together so that they do not stand in this file. */
const NAME = ["Free", "Scout"].join("");
const HOST = ["tickets", "raxx", "app"].join(".");

describe("answers through the firewall", () => {
  const world = contract();

  const withheld = {
    "no JSON": json("<html>", 200),
    "truncated JSON": json(JSON.stringify(TICKETS).slice(0, -10)),
    "JSON of another route": json({ items: 7 }),
    "a status of another value": json({ ...TICKETS, items: [{ ...TICKETS.items[0], status: "spam" }] }),
    "a number as id": json({ ...TICKETS, items: [{ ...TICKETS.items[0], id: 3 }] }),
    "too many items": json({ ...TICKETS, items: Array(51).fill(TICKETS.items[0]) }),
    "a duplicate field": json(JSON.stringify(TICKETS).replace("{", '{"stale":true,')),
    "HTML that says so": (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>secret</h1>"),
    "no content type": (_, response) => response.writeHead(200).end(JSON.stringify(TICKETS)),
    "another success": json(TICKETS, 201),
    "204 where a body belongs": (_, response) => response.writeHead(204).end(),
    "304": (_, response) => response.writeHead(304).end(),
    "206": json(TICKETS, 206),
    "a redirect": (_, response) => response.writeHead(302, { location: "https://evil.example/" }).end(),
    "a redirect to itself": (_, response) => response.writeHead(307, { location: LIST }).end(),
    "an error page": (_, response) => response.writeHead(500, { "content-type": "text/html" }).end("Traceback (most recent call last)"),
    "403 without a problem": json({ detail: "forbidden" }, 403),
    "404 without a problem": json({ detail: "not found" }, 404),
    "a problem of no known code": raptorProblem("stack_trace", 500),
    "a problem of another status": (request, response) => raptorProblem("not_found", 404)(request, { writeHead: (_, headers) => response.writeHead(400, headers), end: (text) => response.end(text) }),
    "a problem with status 200": (request, response) => raptorProblem("internal", 200)(request, response),
    "a huge body": json(JSON.stringify({ ...TICKETS, pad: "x".repeat(600 * 1024) })),
    "a huge body in chunks": (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      for (let count = 0; count < 100; count += 1) response.write("x".repeat(65_536));
      response.end();
    },
    "nested deeply": json(`{"items":${"[".repeat(1000)}${"]".repeat(1000)}}`),
    [`the vendor's name from the team`]: json({ ...TICKETS, items: [{ ...TICKETS.items[0], snippet: `See ${NAME} for more` }] }),
    "the vendor's name in capitals": json({ ...TICKETS, items: [{ ...TICKETS.items[0], snippet: NAME.toUpperCase() }] }),
    "the vendor's name in escapes": json(
      JSON.stringify({ ...TICKETS, items: [{ ...TICKETS.items[0], snippet: "PLACE" }] }).replace(
        "PLACE",
        [...NAME].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
      ),
    ),
    "the vendor's host": json({ ...TICKETS, items: [{ ...TICKETS.items[0], snippet: `https://${HOST}/conversation/3` }] }),
    "the vendor's name in a problem": raptorProblem("internal", 500, { title: `${NAME} is down` }),
  };
  for (const [name, answer] of Object.entries(withheld)) {
    test(`withheld: ${name}`, async () => {
      world.edge.raptor.answer = answer;
      const response = await world.get(LIST);
      const document = await problem(response, 502, "contract_violation");
      assert.deepEqual(Object.keys(document).sort(), ["code", "reference", "status", "title", "type"]);
      await logLines(world.edge, (lines) => lines.some((line) => line.reference === document.reference && line.outcome === "response_withheld"));
    });
  }

  test("a sound answer passes byte for byte, whatever its spelling was", async () => {
    const text = JSON.stringify(TICKETS);
    const spellings = [text, JSON.stringify(TICKETS, null, 1), ` ${text}\n`, text.replace("T", "\\u0054"), text.replace('"items"', '"\\u0069tems"')];
    for (const spelling of spellings) {
      world.edge.raptor.answer = json(spelling);
      const response = await world.get(LIST);
      hardened(response);
      assert.equal(response.headers.get("content-type"), "application/json");
      assert.equal(response.headers.get("cache-control"), "no-store");
      assert.equal(await response.text(), text);
    }
  });

  test("fields that the contract does not know are dropped", async () => {
    const [item] = TICKETS.items;
    world.edge.raptor.answer = json({ ...TICKETS, assignee: 7, items: [{ ...item, preview: "an internal note", last_author: { ...item.last_author, email: "dana@example.com" } }] });
    const response = await world.get(LIST);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), TICKETS);
  });

  test("a customer may read their own words again", async () => {
    const own = { ...TICKETS.items[0], subject: `Do you use ${NAME}?`, snippet: `Is it ${NAME}?`, last_author: { kind: "you" } };
    world.edge.raptor.answer = json({ ...TICKETS, items: [own] });
    const response = await world.get(LIST);
    assert.equal(response.status, 200);
    assert.equal((await response.json()).items[0].subject, `Do you use ${NAME}?`);
  });

  test("headers of Raptor's do not pass", async () => {
    world.edge.raptor.answer = json(TICKETS, 200, {
      server: "gunicorn",
      "x-powered-by": "x",
      "set-cookie": "a=b",
      "x-secret": NAME,
      "access-control-allow-origin": "*",
      "content-security-policy": "default-src *",
      "x-frame-options": "ALLOWALL",
      "cache-control": "public",
      location: "https://evil.example/",
      link: `<https://${HOST}/>; rel=alternate`,
    });
    const response = await world.get(LIST);
    hardened(response);
    assert.equal(response.headers.get("link"), null);
    await response.text();
  });

  test("problems of the contract pass, written anew", async () => {
    world.edge.raptor.answer = raptorProblem("rate_limited", 429, { trace: "secret", errors: [] }, { "retry-after": "7", "x-secret": "1" });
    const response = await world.get(LIST);
    assert.equal(response.headers.get("retry-after"), "7");
    const document = await problem(response, 429, "rate_limited");
    assert.equal(document.reference, "R-00000-00001");
    assert.equal(document.trace, undefined);
  });

  test("a revoked session is a 401 with a challenge", async () => {
    world.edge.raptor.answer = raptorProblem("session_expired", 401);
    const response = await world.get(LIST);
    assert.equal(response.headers.get("www-authenticate"), 'Bearer realm="support.raxx.app"');
    await problem(response, 401, "session_expired");
  });

  test("kept and unconfirmed is a problem with status 202", async () => {
    world.edge.raptor.answer = raptorProblem("accepted_unconfirmed", 202, { ticket_id: TICKET_ID });
    const response = await world.post(NEW);
    const document = await problem(response, 202, "accepted_unconfirmed");
    assert.equal(document.ticket_id, TICKET_ID);
  });

  test("signing out clears the site's data", async () => {
    const response = await world.get("/api/v1/auth/session", { method: "DELETE" });
    assert.equal(response.status, 204);
    hardened(response);
    assert.equal(response.headers.get("clear-site-data"), '"cache", "cookies", "storage"');
  });
});
