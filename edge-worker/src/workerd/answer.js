// The last thing that Rust does for a request: it has one of these functions make the answer and write the log line.

import { current, setAll, templates } from "./glue.js";

/** Files that are kept, with all headers that never differ. @type {({ headers: Headers, body: ArrayBuffer, encodeBody: string } | undefined)[]} */
const kept = [];

/** Ways to make the body of an answer, as `reply::Body`. */
const GIVEN = 1;
const READ_UPSTREAM = 2;
const STREAM = 3;

/** Writes the log line, which is the first line of the text, and answers with the headers of the kind and those of the other lines. */
export function respond(kind, status, text, body, bytes, precompressed) {
  const init = { status, headers: templates[kind] };
  // A body that is compressed already is not compressed once more.
  if (precompressed) init.encodeBody = "manual";
  current.response = finished(new Response(bodyOf(body, bytes), init), text);
}

function bodyOf(body, bytes) {
  switch (body) {
    case GIVEN:
      return bytes.slice();
    case READ_UPSTREAM:
      return current.body;
    case STREAM:
      return current.upstream.body;
    default:
      return null;
  }
}

/** The same for a stream of events, within bounds. */
export function respondEvents(kind, status, text, lifetime, silence, most) {
  const body = bounded(current.upstream.body, lifetime, silence, most);
  current.response = finished(new Response(body, { status, headers: templates[kind] }), text);
}

/**
 * A stream that ends after `lifetime` milliseconds, after `silence` milliseconds in which nothing came, or before it exceeds `most`
 * bytes. The origin is let go of then, whether or not the client reads, and it is read only as fast as the client does. Chunks pass
 * through JavaScript, so this is for a trickle.
 */
function bounded(stream, lifetime, silence, most) {
  const reader = stream.getReader();
  let left = most;
  let ended = false;
  let lasting;
  let end;
  return new ReadableStream({
    start(controller) {
      end = () => {
        if (ended) return;
        ended = true;
        clearTimeout(lasting);
        controller.close();
        reader.cancel().catch(() => {});
      };
      lasting = setTimeout(end, lifetime);
    },
    async pull(controller) {
      const quiet = setTimeout(end, silence);
      // A stream that breaks off ends: what there is of its last event, the client leaves out.
      const { done, value } = await reader.read().catch(() => ({ done: true }));
      clearTimeout(quiet);
      if (ended) return;
      left -= done ? 0 : value.byteLength;
      if (done || left < 0) end();
      else controller.enqueue(value);
    },
    cancel(reason) {
      ended = true;
      clearTimeout(lasting);
      return reader.cancel(reason);
    },
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
