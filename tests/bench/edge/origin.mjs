// An origin that costs next to nothing: answers are prepared, requests are recognised by their path alone.

import { createServer } from "node:net";

import { keySet } from "../../edge/harness/tokens.mjs";

const answer = (type, body, extra = "") =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n${extra}\r\n`),
    body,
  ]);

/** 25 tickets, as many as a page of the list has. */
function tickets() {
  const items = Array.from({ length: 25 }, (_, n) => ({
    id: `tk_0123456789abcdefghjkmnpq${String(n).padStart(2, "0")}`,
    number: 1043 + n,
    subject: `Order ticket ${n} shows the wrong strike`,
    status: ["received", "working", "waiting_for_you", "resolved"][n % 4],
    created_at: "2026-11-20T10:00:00Z",
    last_activity_at: "2026-11-21T10:00:00Z",
    last_author: { kind: "team", name: "Dana" },
    snippet: "We have found the cause and will tell you as soon as it is mended. In the meantime, you can go on.",
    message_count: 3,
    attachment_count: 1,
    unread: n % 3 === 0,
    delivery: { state: "delivered" },
  }));
  const counts = { received: 7, working: 6, waiting_for_you: 6, resolved: 6 };
  return Buffer.from(JSON.stringify({ items, counts, synced_at: "2026-11-22T10:00:00Z", stale: false }));
}

export async function start(key) {
  const list = tickets();
  const answers = [
    ["/.well-known/jwks.json", answer("application/json", Buffer.from(keySet(key)))],
    ["/attachments/", answer("image/png", Buffer.alloc(1024 * 1024, 7), "content-disposition: attachment\r\n")],
    ["/api/v1/support/tickets", answer("application/json", list)],
    ["/index.html", answer("application/octet-stream", Buffer.alloc(10_000, 97), 'etag: "0123456789abcdee"\r\n')],
    ["GET / ", answer("text/html", Buffer.alloc(10_000, 97), 'etag: "0123456789abcdee"\r\n')],
    ["/assets/", answer("text/javascript", Buffer.alloc(20_000, 97), 'etag: "0123456789abcdef"\r\n')],
  ];
  const server = createServer((socket) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      let end;
      while ((end = text.indexOf("\r\n\r\n")) >= 0) {
        const path = text.slice(0, text.indexOf("\r\n"));
        text = text.slice(end + 4);
        socket.write(answers.find(([part]) => path.includes(part))?.[1] ?? "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
      }
    });
    socket.on("error", () => {});
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close(), listBytes: list.length };
}
