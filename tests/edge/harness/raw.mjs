// Requests that no well-behaved client sends.

import { connect } from "node:net";

/** Sends bytes as they are and gives what comes back: status, headers in lower case (repeated ones joined), and the body. */
export function raw(url, request) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request));
    const chunks = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("end", () => resolve(parse(Buffer.concat(chunks).toString("latin1"))));
    socket.setTimeout(20_000, () => socket.destroy(new Error("no answer within 20 s")));
  });
}

/** A request with a path as it is, which ends the connection. */
export const rawGet = (url, path, headers = [], method = "GET") =>
  raw(url, `${method} ${path} HTTP/1.1\r\nhost: ${new URL(url).host}\r\n${headers.map((line) => `${line}\r\n`).join("")}connection: close\r\n\r\n`);

function parse(text) {
  const end = text.indexOf("\r\n\r\n");
  const [first, ...lines] = text.slice(0, end).split("\r\n");
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return { status: Number(first.split(" ")[1]), headers, body: text.slice(end + 4) };
}
