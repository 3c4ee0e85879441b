// Requests that no well-behaved client sends.

import { connect } from "node:net";

/** Sends bytes as they are and gives what comes back: status, headers in lower case (repeated ones joined), and the body. */
export function raw(url, request) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request));
    let text = "";
    const settle = () => {
      socket.destroy();
      resolve(parse(text));
    };
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      // The connection may be kept open for seconds after the answer.
      if (isWhole(text, request.startsWith("HEAD "))) settle();
    });
    socket.on("error", reject);
    socket.on("end", settle);
    socket.setTimeout(20_000, () => socket.destroy(new Error("no answer within 20 s")));
  });
}

/** A request whose chunked body goes on to `bytes` and never ends; gives the answer that comes all the same. */
export const endless = (url, head, bytes) => {
  const chunk = `10000\r\n${" ".repeat(65_536)}\r\n`;
  return raw(url, head + chunk.repeat(Math.ceil(bytes / 65_536)));
};

/** A request with a path as it is, which ends the connection. */
export const rawGet = (url, path, headers = [], method = "GET") =>
  raw(url, `${method} ${path} HTTP/1.1\r\nhost: ${new URL(url).host}\r\n${headers.map((line) => `${line}\r\n`).join("")}connection: close\r\n\r\n`);

function isWhole(text, head) {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const { headers, status, body } = parse(text);
  if (head || status === 204 || status === 304) return true;
  if ("content-length" in headers) return body.length >= Number(headers["content-length"]);
  return body.endsWith("0\r\n\r\n");
}

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
