// Raptor, its keys, and the Pages project, as badly behaved as a test wants them. Each records what it was sent.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join, normalize } from "node:path";

/** An origin on a port of its own. `answer(request, response, body)` may be replaced at any time. */
export async function origin(answer) {
  const self = { received: [], answer, sockets: new Set() };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("error", () => {});
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      self.received.push({ method: request.method, url: request.url, headers: request.headers, body });
      Promise.resolve(self.answer(request, response, body)).catch((error) => response.destroy(error));
    });
  });
  server.keepAliveTimeout = 1000;
  server.on("connection", (socket) => {
    self.sockets.add(socket);
    socket.on("close", () => self.sockets.delete(socket));
    socket.on("error", () => {});
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  self.port = server.address().port;
  self.url = `http://127.0.0.1:${self.port}`;
  self.stop = () =>
    new Promise((resolve) => {
      for (const socket of self.sockets) socket.destroy();
      server.close(resolve);
    });
  self.start = () => new Promise((resolve) => server.listen(self.port, "127.0.0.1", resolve));
  return self;
}

export function json(value, status = 200, headers = {}) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return (_, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(text);
  };
}

/** Answers of a Raptor that keeps the contract, by the end of the path. */
export function soundRaptor(request, response) {
  const path = new URL(request.url, "http://raptor").pathname;
  if (path.endsWith("/notices")) return json({ items: [] })(request, response);
  if (path.endsWith("/topics")) return json({ items: [] })(request, response);
  if (path.endsWith("/tickets") && request.method === "GET") return json(TICKETS)(request, response);
  if (path.endsWith("/tickets") && request.method === "POST") return json(TICKETS.items[0], 201)(request, response);
  if (path.endsWith("/session") && request.method === "DELETE") {
    response.writeHead(204);
    return response.end();
  }
  if (path.includes("/attachments/")) {
    response.writeHead(200, { "content-type": "image/png", "content-disposition": 'inline; filename="chart.png"' });
    return response.end(Buffer.alloc(1024, 7));
  }
  if (path.endsWith("/uploads")) return json(UPLOADED, 201)(request, response);
  if (path.endsWith("/read") || path.includes("/uploads/")) {
    response.writeHead(204);
    return response.end();
  }
  return problem("not_found", 404)(request, response);
}

export const TICKET_ID = "tk_0123456789abcdefghjkmnpqrs";
export const ATTACHMENT_ID = "at_0123456789abcdefghjkmnpqrs";

export const UPLOADED = {
  id: "up_0123456789abcdefghjkmnpqrs",
  name: "chart.png",
  media_type: "image/png",
  size: 5,
  expires_at: "2026-11-23T10:00:00Z",
};

export const TICKETS = {
  items: [
    {
      id: TICKET_ID,
      number: 1043,
      subject: "Order ticket shows the wrong strike",
      status: "working",
      created_at: "2026-11-20T10:00:00Z",
      last_activity_at: "2026-11-21T10:00:00Z",
      last_author: { kind: "team", name: "Dana" },
      snippet: "We have found the cause.",
      message_count: 3,
      attachment_count: 1,
      unread: true,
      delivery: { state: "delivered" },
    },
  ],
  counts: { received: 0, working: 1, waiting_for_you: 0, resolved: 0 },
  synced_at: "2026-11-22T10:00:00Z",
  stale: false,
};

export function problem(code, status, extra = {}, headers = {}) {
  const document = {
    type: `urn:raxx:support:problem:${code}`,
    title: "From Raptor.",
    status,
    code,
    reference: "R-00000-00001",
    ...extra,
  };
  return json(document, status, { "content-type": "application/problem+json", ...headers });
}

/** The Pages project: the files of a folder, with tags, and the shell for whatever it does not have. */
export function pages(folder) {
  const types = { html: "text/html; charset=utf-8", js: "application/javascript", wasm: "application/wasm", css: "text/css", json: "application/json", svg: "image/svg+xml" };
  return async (request, response) => {
    const { pathname } = new URL(request.url, "http://pages");
    if (pathname === "/index.html") {
      response.writeHead(308, { location: "/" });
      return response.end();
    }
    const file = pathname === "/" ? "index.html" : normalize(pathname).slice(1);
    let content = await readFile(join(folder, file)).catch(() => null);
    let type = types[file.split(".").at(-1)] ?? "application/octet-stream";
    if (content === null) {
      content = await readFile(join(folder, "index.html"));
      type = types.html;
    }
    const etag = `"${createHash("sha256").update(content).digest("hex").slice(0, 32)}"`;
    const headers = { "content-type": type, etag, "access-control-allow-origin": "*", server: "pages", "x-powered-by": "pages", refresh: "0; url=https://support.raxx.app/" };
    if (request.headers["if-none-match"]?.includes(etag)) {
      response.writeHead(304, headers);
      return response.end();
    }
    response.writeHead(200, { ...headers, "content-length": content.length });
    response.end(request.method === "HEAD" ? undefined : content);
  };
}
