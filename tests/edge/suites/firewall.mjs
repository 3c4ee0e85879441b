// The contract in both directions, and everything that can go wrong behind it.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { SERVICE_TOKEN, logLines, start } from "../harness/edge.mjs";
import { hardened, problem } from "../harness/judge.mjs";
import { TICKETS, TICKET_ID, json, problem as raptorProblem, soundRaptor } from "../harness/origins.mjs";
import { endless, raw } from "../harness/raw.mjs";
import { token } from "../harness/tokens.mjs";

const LIST = "/api/v1/support/tickets";
const NEW = { subject: "Wrong strike", body: "The order ticket shows the wrong strike." };
const KEY = { "idempotency-key": "0123456789abcdef0123", "content-type": "application/json" };
/** The names that no customer may read, put together so that they do not stand in this file. */
const NAME = ["Free", "Scout"].join("");
const HOST = ["tickets", "raxx", "app"].join(".");

describe("the contract firewall", () => {
  let edge;
  let session;
  before(async () => {
    edge = await start();
    session = token(edge.key);
  });
  beforeEach(() => {
    edge.raptor.answer = soundRaptor;
    edge.forget();
  });
  after(() => edge.stop());

  const post = (body, headers = KEY, path = LIST) =>
    edge.as(session, path, { method: "POST", body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body), headers });
  const unheard = () => assert.deepEqual(edge.raptor.received, [], "it reached Raptor");

  describe("requests", () => {
    test("a sound one is passed on, written anew", async () => {
      const response = await post(` {"body": "${NEW.body}",\n "subject":"${NEW.subject}"} `);
      assert.equal(response.status, 201);
      hardened(response);
      assert.deepEqual(await response.json(), TICKETS.items[0]);
      const [received] = edge.raptor.received;
      assert.equal(received.body.toString(), JSON.stringify({ subject: NEW.subject, body: NEW.body }));
      assert.equal(received.headers["content-type"], "application/json");
      assert.equal(received.headers["idempotency-key"], KEY["idempotency-key"]);
    });

    test("Raptor is told who asks, and nothing that a client made up", async () => {
      const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
      const made_up = {
        "x-raxx-service-authorization": "Bearer stolen",
        "x-raxx-client-address": "6.6.6.6",
        "x-request-id": "made-up",
        "x-user-id": "1",
        "x-user-email": "a@example.com",
        "cf-access-authenticated-user-email": "a@example.com",
        "x-forwarded-for": "6.6.6.6",
        "x-forwarded-user": "admin",
        "x-real-ip": "6.6.6.6",
        forwarded: "for=6.6.6.6",
        cookie: "a=b",
        referer: "https://elsewhere.example/",
        "x-http-method-override": "DELETE",
        "accept-language": "de",
        "idempotency-key": "0123456789abcdef0123",
      };
      const response = await edge.as(session, LIST, {
        headers: { ...made_up, "cf-connecting-ip": "203.0.113.7", traceparent: `00-${trace}-00f067aa0ba902b7-01` },
      });
      assert.equal(response.status, 200);
      await response.text();
      const [{ headers }] = edge.raptor.received;
      const { host, connection, "cf-worker": _, "accept-encoding": __, ...told } = headers;
      assert.deepEqual(Object.keys(told).sort(), [
        "accept",
        "authorization",
        "traceparent",
        "x-raxx-client-address",
        "x-raxx-service-authorization",
        "x-request-id",
      ]);
      assert.equal(told.authorization, `Bearer ${session}`);
      assert.equal(told["x-raxx-service-authorization"], `Bearer ${SERVICE_TOKEN}`);
      assert.equal(told["x-raxx-client-address"], "203.0.113.7");
      assert.equal(told["x-request-id"], response.headers.get("x-request-id"));
      assert.match(told.traceparent, new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
    });

    const undecodable = {
      "not JSON": ["{", "", "malformed"],
      "empty": ["", "", "malformed"],
      "a number": ["7", "", "malformed"],
      "a byte order mark": ["\ufeff{}", "", "malformed"],
      "an unknown field": [{ ...NEW, admin: true }, "admin", "unknown"],
      "a duplicate field": [`{"subject":"a","subject":"b","body":"c"}`, "subject", "duplicate"],
      "a missing field": [{ subject: "a" }, "body", "required"],
      "a text too long": [{ ...NEW, subject: "x".repeat(201) }, "subject", "too_long"],
      "a wrong type": [{ ...NEW, subject: 7 }, "subject", "malformed"],
      "a control character": [{ ...NEW, subject: "a\u0000b" }, "subject", "malformed"],
      "too many items": [{ ...NEW, uploads: Array(11).fill("up_0123456789abcdefghjkmnpqrs") }, "uploads", "too_many"],
      "nested deeply": [`{"subject":${"[".repeat(5000)}${"]".repeat(5000)}}`, "", "malformed"],
      "not UTF-8": [new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), "", "malformed"],
      "something after it": [`${JSON.stringify(NEW)} {}`, "", "malformed"],
      "NaN": ['{"subject":NaN,"body":"a"}', "", "malformed"],
    };
    for (const [name, [body, field, code]] of Object.entries(undecodable)) {
      test(`refused: ${name}`, async () => {
        const document = await problem(await post(body), 400, "invalid");
        if (field !== "") assert.equal(document.errors[0].field, field);
        assert.equal(document.errors[0].code, code);
        unheard();
      });
    }

    test("a body is counted while it arrives", async () => {
      const huge = JSON.stringify({ ...NEW, body: "x".repeat(200 * 1024) });
      await problem(await post(huge), 413, "too_large");
      unheard();
      // Without an announced length, and never ending: the answer does not wait for the end.
      const answer = await endless(
        edge.url,
        `POST ${LIST} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${session}\r\nidempotency-key: 0123456789abcdef\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
        256 * 1024,
      );
      assert.equal(answer.status, 413, answer.body);
      unheard();
    });

    test("other content types and compressed bodies are refused", async () => {
      for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "multipart/form-data; boundary=x", "application/jsonx"]) {
        await problem(await post(NEW, { ...KEY, "content-type": type }), 415, "unsupported_media_type");
      }
      await problem(await post(NEW, { ...KEY, "content-encoding": "gzip" }), 415, "unsupported_media_type");
      unheard();
    });

    test("an idempotency key is required where the contract says so", async () => {
      for (const key of [undefined, "", "short", "x".repeat(65), "with space in the middle"]) {
        const headers = { "content-type": "application/json", ...(key === undefined ? {} : { "idempotency-key": key }) };
        const document = await problem(await post(NEW, headers), 400, "invalid");
        assert.equal(document.errors[0].field, "idempotency-key");
      }
      unheard();
    });

    test("unknown paths, methods and parameters are refused here", async () => {
      for (const path of ["/api/v1/support/admin", "/api/v1/support/webhooks/helpdesk", "/api/v1", "/api/", `${LIST}/3`, `${LIST}/${TICKET_ID}x`, `${LIST}/..%2f..%2fhealthz`]) {
        await problem(await edge.as(session, path), 404, "not_found");
      }
      for (const method of ["PATCH", "DELETE", "HEAD", "OPTIONS"]) {
        const response = await edge.as(session, LIST, { method });
        assert.equal(response.status, 405, method);
        assert.equal(response.headers.get("allow"), "GET, POST");
        hardened(response);
        await response.text();
      }
      for (const query of ["?limit=0", "?limit=51", "?limit=1&limit=1", "?unknown=1", "?status=nope", "?q=%zz", "?q=%ff"]) {
        await problem(await edge.as(session, LIST + query), 400, "invalid");
      }
      unheard();
    });

    test("the query is passed on in its one spelling", async () => {
      const response = await edge.as(session, `${LIST}?limit=10&&q=a+b%26c&status=open`);
      assert.equal(response.status, 200);
      await response.text();
      assert.equal(edge.raptor.received[0].url, `${LIST}?status=open&q=a%20b%26c&limit=10`);
    });

    test("a body where there is none is refused", async () => {
      const answer = await raw(edge.url, `GET ${LIST} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${session}\r\ncontent-length: 2\r\n\r\n{}`);
      assert.equal(answer.status, 400, answer.body);
      unheard();
    });

    test("no answer to a preflight: there is one origin", async () => {
      const response = await edge.fetch(LIST, { method: "OPTIONS", headers: { origin: "https://evil.example", "access-control-request-method": "GET" } });
      assert.equal(response.status, 405);
      hardened(response);
      await response.text();
    });

    test("demo enrolment does not exist where it is not switched on", async () => {
      const start_enrolment = { method: "POST", body: '{"display_name":"A"}', headers: { "content-type": "application/json" } };
      await problem(await edge.fetch("/api/v1/auth/enrolment/options", start_enrolment), 404, "not_found");
      unheard();
    });
  });

  describe("answers", () => {
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
        edge.raptor.answer = answer;
        const response = await edge.as(session, LIST);
        const document = await problem(response, 502, "contract_violation");
        assert.deepEqual(Object.keys(document).sort(), ["code", "reference", "status", "title", "type"]);
        await logLines(edge, (lines) => lines.some((line) => line.reference === document.reference && line.outcome === "response_withheld"));
      });
    }

    test("a sound answer passes byte for byte", async () => {
      const text = JSON.stringify(TICKETS, null, 1);
      edge.raptor.answer = json(text);
      const response = await edge.as(session, LIST);
      hardened(response);
      assert.equal(response.headers.get("content-type"), "application/json");
      assert.equal(response.headers.get("cache-control"), "no-store");
      assert.equal(await response.text(), text);
    });

    test("fields that the contract does not know are dropped", async () => {
      const [item] = TICKETS.items;
      edge.raptor.answer = json({ ...TICKETS, assignee: 7, items: [{ ...item, preview: "an internal note", last_author: { ...item.last_author, email: "dana@example.com" } }] });
      const response = await edge.as(session, LIST);
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), TICKETS);
    });

    test("a customer may read their own words again", async () => {
      const own = { ...TICKETS.items[0], subject: `Do you use ${NAME}?`, snippet: `Is it ${NAME}?`, last_author: { kind: "you" } };
      edge.raptor.answer = json({ ...TICKETS, items: [own] });
      const response = await edge.as(session, LIST);
      assert.equal(response.status, 200);
      assert.equal((await response.json()).items[0].subject, `Do you use ${NAME}?`);
    });

    test("headers of Raptor's do not pass", async () => {
      edge.raptor.answer = json(TICKETS, 200, {
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
      const response = await edge.as(session, LIST);
      hardened(response);
      assert.equal(response.headers.get("link"), null);
      await response.text();
    });

    test("problems of the contract pass, written anew", async () => {
      edge.raptor.answer = raptorProblem("rate_limited", 429, { trace: "secret", errors: [] }, { "retry-after": "7", "x-secret": "1" });
      const response = await edge.as(session, LIST);
      assert.equal(response.headers.get("retry-after"), "7");
      const document = await problem(response, 429, "rate_limited");
      assert.equal(document.reference, "R-00000-00001");
      assert.equal(document.trace, undefined);
    });

    test("a revoked session is a 401 with a challenge", async () => {
      edge.raptor.answer = raptorProblem("session_expired", 401);
      const response = await edge.as(session, LIST);
      assert.equal(response.headers.get("www-authenticate"), 'Bearer realm="support.raxx.app"');
      await problem(response, 401, "session_expired");
    });

    test("kept and unconfirmed is a problem with status 202", async () => {
      edge.raptor.answer = raptorProblem("accepted_unconfirmed", 202, { ticket_id: TICKET_ID });
      const response = await post(NEW);
      const document = await problem(response, 202, "accepted_unconfirmed");
      assert.equal(document.ticket_id, TICKET_ID);
    });

    test("Raptor's refusal of the edge's own bearer is our fault, not the customer's", async () => {
      edge.raptor.answer = (_, response) =>
        response
          .writeHead(401, { "content-type": "application/problem+json", "www-authenticate": 'Bearer realm="service"' })
          .end('{"type":"about:blank","title":"Unauthorized","status":401,"code":"unauthenticated"}');
      const response = await edge.as(session, LIST);
      assert.equal(response.headers.get("www-authenticate"), null);
      await problem(response, 503, "internal");
      await logLines(edge, (lines) => lines.some((line) => line.outcome === "service_bearer_refused"));
    });

    test("signing out clears the site's data", async () => {
      const response = await edge.as(session, "/api/v1/auth/session", { method: "DELETE" });
      assert.equal(response.status, 204);
      hardened(response);
      assert.equal(response.headers.get("clear-site-data"), '"cache", "cookies", "storage"');
    });

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
        edge.raptor.answer = answer;
        const response = await edge.as(session, LIST);
        assert.equal(response.headers.get("retry-after"), "5");
        await problem(response, status, "helpdesk_unavailable");
        edge.raptor.answer = soundRaptor;
        const again = await edge.as(session, LIST);
        assert.equal(again.status, 200, "recovered");
        await again.text();
      });
    }

    test("Raptor is down", async () => {
      await edge.raptor.stop();
      await problem(await edge.as(session, LIST), 503, "helpdesk_unavailable");
      await edge.raptor.start();
      const again = await edge.as(session, LIST);
      assert.equal(again.status, 200, "recovered");
      await again.text();
    });

    test("Raptor never answers: the edge does, after ten seconds", async () => {
      edge.raptor.answer = () => {};
      const began = Date.now();
      await problem(await edge.as(session, LIST), 503, "helpdesk_unavailable");
      const took = Date.now() - began;
      assert.ok(took > 9_000 && took < 13_000, `${took} ms`);
    });

    test("an informational answer is none of the contract's, and what follows it is not mistaken for another", async () => {
      edge.raptor.answer = (request, response) => {
        response.writeProcessing();
        soundRaptor(request, response);
      };
      await problem(await edge.as(session, LIST), 502, "contract_violation");
      edge.raptor.answer = soundRaptor;
      for (let count = 0; count < 3; count += 1) {
        const response = await edge.as(session, LIST);
        assert.equal(response.status, 200);
        assert.deepEqual(await response.json(), TICKETS);
      }
    });
  });
});
