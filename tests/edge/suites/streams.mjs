// Bodies that are streamed: downloads and uploads.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { LIST, contract } from "../harness/contract.mjs";
import { hardened, problem } from "../harness/judge.mjs";
import { ATTACHMENT_ID, TICKET_ID, problem as raptorProblem } from "../harness/origins.mjs";
import { raw } from "../harness/raw.mjs";

const FILE = `${LIST}/${TICKET_ID}/attachments/${ATTACHMENT_ID}`;

describe("streams through the firewall", () => {
  const world = contract();

  test("a download is passed on, always as an attachment", async () => {
    const response = await world.get(FILE);
    assert.equal(response.status, 200);
    hardened(response);
    assert.equal(response.headers.get("content-disposition"), "attachment; filename*=UTF-8''chart.png");
    assert.equal(response.headers.get("content-type"), "image/png");
    assert.match(response.headers.get("content-security-policy"), /sandbox/);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), Buffer.alloc(1024, 7));
  });

  test("a download beyond the bound is withheld", async () => {
    world.edge.raptor.answer = (_, response) => {
      response.writeHead(200, { "content-type": "image/png", "content-length": String(33 * 1024 * 1024) });
      response.write("x");
    };
    await problem(await world.get(FILE), 502, "contract_violation");
  });

  test("a download of unknown length is whole, or withheld", async () => {
    const chunks = (count) => (_, response) => {
      response.writeHead(200, { "content-type": "image/png" });
      for (let sent = 0; sent < count; sent += 1) response.write(Buffer.alloc(1024 * 1024, sent));
      response.end();
    };
    world.edge.raptor.answer = chunks(9);
    const response = await world.get(FILE);
    assert.equal(response.headers.get("content-length"), String(9 * 1024 * 1024));
    assert.equal((await response.arrayBuffer()).byteLength, 9 * 1024 * 1024);
    world.edge.raptor.answer = chunks(11);
    await problem(await world.get(FILE), 502, "contract_violation");
  });

  test("a download that breaks off is never mistaken for a whole one", async () => {
    const broken = (headers) => (_, response) => {
      response.writeHead(200, { "content-type": "image/png", ...headers });
      response.write("the beginning");
      setTimeout(() => response.destroy(), 50);
    };
    world.edge.raptor.answer = broken({});
    await problem(await world.get(FILE), 502, "contract_violation");
    world.edge.raptor.answer = broken({ "content-length": "1000" });
    await assert.rejects(async () => (await world.get(FILE)).arrayBuffer());
  });

  test("a problem in place of a file is a problem", async () => {
    world.edge.raptor.answer = raptorProblem("not_found", 404);
    await problem(await world.get(FILE), 404, "not_found");
  });

  test("a file that Raptor calls a page is still an attachment in a sandbox", async () => {
    world.edge.raptor.answer = (_, response) =>
      response.writeHead(200, { "content-type": "text/html", "content-disposition": 'inline; filename="../../x.html"' }).end("<script>alert(1)</script>");
    const response = await world.get(FILE);
    assert.equal(response.headers.get("content-disposition"), "attachment");
    assert.match(response.headers.get("content-security-policy"), /default-src 'none'.*sandbox/);
    await response.text();
  });

  test("an upload is passed on as it is", async () => {
    const bytes = Buffer.alloc(300_000, 9);
    const response = await world.get("/api/v1/support/uploads?name=chart.png", {
      method: "POST",
      body: bytes,
      headers: { "content-type": "application/octet-stream" },
    });
    assert.equal(response.status, 201, await response.clone().text());
    await response.text();
    const [received] = world.edge.raptor.received;
    assert.equal(received.headers["content-length"], "300000");
    assert.ok(received.body.equals(bytes));
  });

  test("an upload must say how long it is, and not be too long, and be bytes", async () => {
    const upload = (init) => world.get("/api/v1/support/uploads?name=a.png", { method: "POST", ...init });
    const octets = { "content-type": "application/octet-stream" };
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(10));
        controller.close();
      },
    });
    await problem(await upload({ body: stream, duplex: "half", headers: octets }), 411, "invalid");
    await problem(await upload({ body: "x", headers: { "content-type": "image/png" } }), 415, "unsupported_media_type");
    const answer = await raw(
      world.edge.url,
      `POST /api/v1/support/uploads?name=a.png HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${world.session}\r\ncontent-type: application/octet-stream\r\ncontent-length: 10485761\r\n\r\nabc`,
    );
    assert.equal(answer.status, 413, answer.body);
    await problem(await world.get("/api/v1/support/uploads", { method: "POST", body: "x", headers: octets }), 400, "invalid");
    world.unheard();
  });
});
