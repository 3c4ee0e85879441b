// One server for both programs: files with their brotli form, the headers of the portal's own release, and the API's answers.

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

import { answer } from "./answers.mjs";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json", ".svg": "image/svg+xml", ".txt": "text/plain" };

/** Serves a folder whose `index.html` is every page. `headers` go with the page. */
export async function serve(folder, headers = {}) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    if (url.pathname.endsWith("/events")) {
      // A stream on which nothing happens.
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write("event: ready\ndata: {}\n\n");
      return;
    }
    if (url.pathname.startsWith("/api/")) {
      const [status, body] = answer(request.method, url);
      response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
      response.end(body === null ? undefined : JSON.stringify(body));
      return;
    }
    const isFile = extname(url.pathname) !== "";
    const file = join(folder, isFile ? url.pathname : "index.html");
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const content = readFileSync(`${file}.br`);
    // As the edge does: what the browser still has is not sent again.
    const etag = `"${createHash("sha256").update(content).digest("base64url")}"`;
    const isKept = request.headers["if-none-match"] === etag;
    response.writeHead(isKept ? 304 : 200, {
      etag,
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-encoding": "br",
      "cache-control": url.pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      ...(isFile ? {} : headers),
    });
    response.end(isKept ? undefined : content);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, stop: () => server.close(() => {}).closeAllConnections() };
}

/** The headers that the portal's documents carry, from the file that its build writes for Pages. */
export function portalHeaders(dist) {
  const wanted = /^(content-security-policy|integrity-policy|cross-origin-.*|permissions-policy|referrer-policy|x-content-type-options)$/;
  const lines = readFileSync(join(dist, "_headers"), "utf8").split("\n").map((line) => line.trim().match(/^([a-z-]+): (.*)$/));
  return Object.fromEntries(lines.filter((line) => line && wanted.test(line[1])).map((line) => [line[1], line[2]]));
}
