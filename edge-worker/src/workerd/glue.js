// What the worker asks of the runtime, each in one crossing between WebAssembly and JavaScript: crossings, not computation, are what
// a request costs here. Nothing is decided in this file; bounds and names come in as arguments.

/** Fixed headers, one object for each kind of answer. @type {Headers[]} */
let templates = [];

/** The place of the API's headers among the templates. */
const PROBLEM_KIND = 3;

/** The worker's bindings. @type {Record<string, any>} */
let bindings = {};

/** Settles requests whose code has died with the WebAssembly instance. @type {Set<() => void>} */
const inFlight = new Set();

/** The headers of a request that the worker reads. Nothing else of what a client sends is looked at. */
const READ = [
  "accept",
  "accept-encoding",
  "authorization",
  "cf-connecting-ip",
  "content-encoding",
  "content-length",
  "content-type",
  "idempotency-key",
  "if-none-match",
  "last-event-id",
  "traceparent",
];

/** The headers of an origin's answer that the worker reads. */
const READ_UPSTREAM = [
  "content-type",
  "content-length",
  "content-disposition",
  "etag",
  "retry-after",
  "www-authenticate",
];

/** Field values hold no line feed, so a line is a value; an absent header is an empty line. */
function lines(headers, names) {
  let text = "";
  for (const name of names) text += "\n" + (headers.get(name) ?? "");
  return text;
}

function pairs(text) {
  const found = [];
  if (text === "") return found;
  for (const line of text.split("\n")) {
    const colon = line.indexOf(": ");
    found.push([line.slice(0, colon), line.slice(colon + 2)]);
  }
  return found;
}

/** Keeps the fixed headers (kinds separated by an empty line) and the bindings. */
export function configure(env, fixed) {
  bindings = env;
  templates = fixed.split("\n\n").map((kind) => new Headers(pairs(kind)));
}

/** The time in milliseconds, the method, the URL, and the values of `READ`, a line each. */
export function describe(request) {
  return `${Date.now()}\n${request.method}\n${request.url}${lines(request.headers, READ)}`;
}

export function hasBody(request) {
  return request.body !== null;
}

/** An answer of a kind, with headers of its own. A null body is used for the statuses that must not have one. */
export function respond(kind, status, extra, body, precompressed) {
  const response = new Response(body, {
    status,
    headers: templates[kind],
    encodeBody: precompressed ? "manual" : "automatic",
  });
  for (const [name, value] of pairs(extra)) response.headers.set(name, value);
  return response;
}

/**
 * Asks the named limits, each with its key, one a line. Gives the place of the first that is exceeded, -1 when none is, and -2
 * when one cannot be asked.
 */
export async function admit(limits) {
  try {
    const asked = limits.split("\n").map((line) => {
      const [name, key] = line.split(" ", 2);
      return bindings[name].limit({ key });
    });
    return (await Promise.all(asked)).findIndex((outcome) => !outcome.success);
  } catch {
    return -2;
  }
}

/** The whole of a stream, or "large" when it has more than `max` bytes, counted while it arrives. */
async function whole(stream, max) {
  const reader = stream.getReader();
  const chunks = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > max) {
      reader.cancel().catch(() => {});
      return "large";
    }
    chunks.push(value);
  }
  if (chunks.length === 1) return chunks[0];
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** The body of a request: its bytes, or "large", "slow" or "broken". */
export async function readBody(request, max, milliseconds) {
  if (request.body === null) return new Uint8Array(0);
  let timer;
  const slow = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds, "slow");
  });
  try {
    return await Promise.race([whole(request.body, max), slow]);
  } catch {
    return "broken";
  } finally {
    clearTimeout(timer);
  }
}

/** An answer of an origin. */
class Exchange {
  constructor(head, response, bytes) {
    this.head = head;
    this.response = response;
    this.bytes = bytes;
  }
}

const SLOW = new Exchange("0 slow", null, null);
const UNREACHABLE = new Exchange("0 unreachable", null, null);

/**
 * Asks an origin. The head is the status, the time in milliseconds, and the values of `READ_UPSTREAM`, a line each; or `0 slow` or
 * `0 unreachable`. With `max` at least 0 the whole body is read, within the time and the bound, unless it is announced as a stream
 * or beyond the bound; `bytes` is null where it was not read and undefined where it was longer than the bound.
 */
export async function exchange(url, method, headers, body, max, milliseconds) {
  let timer;
  // Not an AbortSignal: one costs as much as everything else here together. What is still under way when the request has been
  // answered is cancelled by the runtime.
  const slow = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds, SLOW);
  });
  try {
    return await Promise.race([ask(url, method, headers, body, max), slow]);
  } catch {
    return UNREACHABLE;
  } finally {
    clearTimeout(timer);
  }
}

async function ask(url, method, headers, body, max) {
  const response = await fetch(url, { method, headers: pairs(headers), body: body ?? undefined, redirect: "manual" });
  let bytes = null;
  if (max >= 0 && response.body !== null) {
    const announced = response.headers.get("content-length");
    if (announced === null || response.headers.has("content-encoding")) {
      const read = await whole(response.body, max);
      bytes = read === "large" ? undefined : read;
    } else if (Number(announced) <= max) {
      bytes = new Uint8Array(await response.arrayBuffer());
    } else {
      bytes = undefined;
      response.body.cancel().catch(() => {});
    }
  }
  return new Exchange(`${response.status}\n${Date.now()}${lines(response.headers, READ_UPSTREAM)}`, response, bytes);
}

/** The stream of an answer, as it is: the runtime passes it on without its bytes coming here. */
export function stream(exchange) {
  return exchange.response.body;
}

/** Reads an answer that was not read: its bytes, or undefined when it has more than `max`. */
export async function readExchange(exchange, max) {
  try {
    const { body } = exchange.response;
    const read = body === null ? new Uint8Array(0) : await whole(body, max);
    return read === "large" ? undefined : read;
  } catch {
    return undefined;
  }
}

/** Lets go of an answer that is not passed on. */
export function discard(exchange) {
  exchange.response?.body?.cancel().catch(() => {});
}

/** Whether an ES256 signature verifies. A key that the runtime cannot import is a signature that does not verify. */
export async function verifyEs256(x, y, signature, signed) {
  try {
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const jwk = { kty: "EC", crv: "P-256", x, y };
    const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
    return await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, signed);
  } catch {
    return false;
  }
}

/** Random bytes. */
export function random(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** The WebAssembly instance has panicked: it is made anew for the next request, and every request that it held is answered. */
export function panicked() {
  globalThis.__worker_init_state.criticalError = true;
  for (const settle of inFlight) settle();
  inFlight.clear();
}

/** The answer of a request whose instance has died: a problem document like any other, with a reference that the log knows. */
function lastResort() {
  const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const drawn = Array.from(random(10), (byte) => digits[byte & 31]).join("");
  const reference = `R-${drawn.slice(0, 5)}-${drawn.slice(5)}`;
  console.log(JSON.stringify({ level: "error", outcome: "panicked", reference, status: 500 }));
  const problem = {
    type: "urn:raxx:support:problem:internal",
    title: "Something went wrong on our side.",
    status: 500,
    code: "internal",
    reference,
  };
  return respond(PROBLEM_KIND, 500, "content-type: application/problem+json", JSON.stringify(problem), false);
}

/** Runs a request, and answers it whatever becomes of the instance. A global, because the entry point cannot name this module: its path carries a hash. */
globalThis.__raxx_guard = async (run) => {
  let settle;
  const died = new Promise((resolve) => {
    settle = resolve;
  });
  inFlight.add(settle);
  try {
    return (await Promise.race([run(), died])) ?? lastResort();
  } catch {
    return lastResort();
  } finally {
    inFlight.delete(settle);
  }
};
