// Requests against the contract: what Raptor is told, and what it never hears of.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { KEY, LIST, NEW, contract } from "../harness/contract.mjs";
import { SERVICE_TOKEN } from "../harness/edge.mjs";
import { hardened, problem } from "../harness/judge.mjs";
import { TICKETS, TICKET_ID } from "../harness/origins.mjs";
import { endless, raw } from "../harness/raw.mjs";

describe("requests through the firewall", () => {
  const world = contract();

  test("a sound one is passed on, written anew", async () => {
    const response = await world.post(` {"body": "${NEW.body}",\n "subject":"${NEW.subject}"} `);
    assert.equal(response.status, 201);
    hardened(response);
    assert.deepEqual(await response.json(), TICKETS.items[0]);
    const [received] = world.edge.raptor.received;
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
    const response = await world.get(LIST, {
      headers: { ...made_up, "cf-connecting-ip": "203.0.113.7", traceparent: `00-${trace}-00f067aa0ba902b7-01` },
    });
    assert.equal(response.status, 200);
    await response.text();
    const [{ headers }] = world.edge.raptor.received;
    const { host, connection, "cf-worker": _, "accept-encoding": __, ...told } = headers;
    assert.deepEqual(Object.keys(told).sort(), [
      "accept",
      "authorization",
      "traceparent",
      "x-raxx-client-address",
      "x-raxx-service-authorization",
      "x-request-id",
    ]);
    assert.equal(told.authorization, `Bearer ${world.session}`);
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
      const document = await problem(await world.post(body), 400, "invalid");
      if (field !== "") assert.equal(document.errors[0].field, field);
      assert.equal(document.errors[0].code, code);
      world.unheard();
    });
  }

  test("a body is counted while it arrives", async () => {
    const huge = JSON.stringify({ ...NEW, body: "x".repeat(200 * 1024) });
    await problem(await world.post(huge), 413, "too_large");
    world.unheard();
    // Without an announced length, and never ending: the answer does not wait for the end.
    const answer = await endless(
      world.edge.url,
      `POST ${LIST} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.session}\r\nidempotency-key: 0123456789abcdef\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
      256 * 1024,
    );
    assert.equal(answer.status, 413, answer.body);
    world.unheard();
  });

  test("other content types and compressed bodies are refused", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "multipart/form-data; boundary=x", "application/jsonx"]) {
      await problem(await world.post(NEW, { ...KEY, "content-type": type }), 415, "unsupported_media_type");
    }
    await problem(await world.post(NEW, { ...KEY, "content-encoding": "gzip" }), 415, "unsupported_media_type");
    world.unheard();
  });

  test("an idempotency key is required where the contract says so", async () => {
    for (const key of [undefined, "", "short", "x".repeat(65), "with space in the middle"]) {
      const headers = { "content-type": "application/json", ...(key === undefined ? {} : { "idempotency-key": key }) };
      const document = await problem(await world.post(NEW, headers), 400, "invalid");
      assert.equal(document.errors[0].field, "idempotency-key");
    }
    world.unheard();
  });

  test("unknown paths, methods and parameters are refused here", async () => {
    for (const path of ["/api/v1/support/admin", "/api/v1/support/webhooks/helpdesk", "/api/v1", "/api/", `${LIST}/3`, `${LIST}/${TICKET_ID}x`, `${LIST}/..%2f..%2fhealthz`]) {
      await problem(await world.get(path), 404, "not_found");
    }
    for (const method of ["PATCH", "DELETE", "HEAD", "OPTIONS"]) {
      const response = await world.get(LIST, { method });
      assert.equal(response.status, 405, method);
      assert.equal(response.headers.get("allow"), "GET, POST");
      hardened(response);
      await response.text();
    }
    for (const query of ["?limit=0", "?limit=51", "?limit=1&limit=1", "?unknown=1", "?status=nope", "?q=%zz", "?q=%ff"]) {
      await problem(await world.get(LIST + query), 400, "invalid");
    }
    world.unheard();
  });

  test("the query is passed on in its one spelling", async () => {
    const response = await world.get(`${LIST}?limit=10&&q=a+b%26c&status=open`);
    assert.equal(response.status, 200);
    await response.text();
    assert.equal(world.edge.raptor.received[0].url, `${LIST}?status=open&q=a%20b%26c&limit=10`);
  });

  test("a body where there is none is refused", async () => {
    const answer = await raw(world.edge.url, `GET ${LIST} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.session}\r\ncontent-length: 2\r\n\r\n{}`);
    assert.equal(answer.status, 400, answer.body);
    world.unheard();
  });

  test("no answer to a preflight: there is one origin", async () => {
    const response = await world.edge.fetch(LIST, { method: "OPTIONS", headers: { origin: "https://evil.example", "access-control-request-method": "GET" } });
    assert.equal(response.status, 405);
    hardened(response);
    await response.text();
  });

  test("demo enrolment does not exist where it is not switched on", async () => {
    const start_enrolment = { method: "POST", body: '{"display_name":"A"}', headers: { "content-type": "application/json" } };
    await problem(await world.edge.fetch("/api/v1/auth/enrolment/options", start_enrolment), 404, "not_found");
    world.unheard();
  });
});
