// The last thing that Rust does for a request: it has one of these functions make the answer and write the log line.

import { current, setAll, templates } from "./glue.js";

/** Files that are kept, with all headers that never differ. @type {({ headers: Headers, body: ArrayBuffer, encodeBody: string } | undefined)[]} */
const kept = [];

/** Ways to make the body of an answer, as `reply::Body`. */
const GIVEN = 1;
const READ_UPSTREAM = 2;
const STREAM = 3;

/**
 * Writes the log line, which is the first line of the text, and answers with the headers of the kind and those of the other lines. With
 * a lifetime, a stream ends after so many milliseconds.
 */
export function respond(kind, status, text, body, bytes, precompressed, lifetime) {
  const init = { status, headers: templates[kind] };
  // A body that is compressed already is not compressed once more.
  if (precompressed) init.encodeBody = "manual";
  current.response = finished(new Response(bodyOf(body, bytes, lifetime), init), text);
}

function bodyOf(body, bytes, lifetime) {
  switch (body) {
    case GIVEN:
      return bytes.slice();
    case READ_UPSTREAM:
      return current.body;
    case STREAM:
      return lifetime === 0 ? current.upstream.body : ending(current.upstream.body, lifetime);
    default:
      return null;
  }
}

/** A stream that ends after so many milliseconds. Its chunks pass through JavaScript, so it is for a trickle such as events. */
function ending(stream, lifetime) {
  const reader = stream.getReader();
  const over = new Promise((resolve) => {
    setTimeout(resolve, lifetime, { done: true });
  });
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await Promise.race([reader.read(), over]);
      if (!done) return controller.enqueue(value);
      controller.close();
      reader.cancel().catch(() => {});
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function finished(response, text) {
  const end = text.indexOf("\n");
  console.log(text.slice(0, end));
  setAll(response.headers, text, end + 1);
  return response;
}

/** Keeps the body that was read, with its headers. */
export function keep(slot, kind, text, precompressed) {
  const headers = setAll(new Headers(templates[kind]), text, 0);
  kept[slot] = { headers, body: current.body, encodeBody: precompressed ? "manual" : "automatic" };
}

export function unkeep(slot) {
  kept[slot] = undefined;
}

/** Answers with a file that is kept. */
export function respondKept(slot, text, head) {
  const { headers, body, encodeBody } = kept[slot];
  current.response = finished(new Response(head ? null : body, { headers, encodeBody }), text);
}
