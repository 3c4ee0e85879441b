// What the worker asks of the runtime, each in one crossing between WebAssembly and JavaScript: crossings, not computation, are what
// a request costs here. Nothing is decided in this file; bounds, names and lists come in as arguments.
//
// Rust runs until it has to wait. Then it has called one function of this file that leaves a promise in `current.pending`, whose
// outcome (`text` and perhaps `bytes`) is what `resume` is called with. When it is done, it has called `respond`.

/** The worker's bindings. @type {Record<string, any>} */
let bindings = {};

/** Fixed headers, one object for each kind of answer. @type {Headers[]} */
export let templates = [];

/** Names of headers of an origin's answer, by list. @type {string[][]} */
let readUpstream = [];

/** The place of the API's headers among the templates. */
const PROBLEM_KIND = 4;

/** The request whose Rust code is running: set before every call into the instance. @type {Visit} */
export let current;

/** A request under way. */
class Visit {
  constructor(instance, request, context) {
    this.instance = instance;
    this.request = request;
    this.context = context;
    /** What Rust waits for. @type {Promise<{ text: string, bytes?: Uint8Array }> | null} */
    this.pending = null;
    /** The answer of an origin, and its body where that was read. */
    this.upstream = null;
    this.body = null;
    /** What is sent. @type {Response | null} */
    this.response = null;
  }
}

/**
 * The headers of a request that the worker reads, in the order of `Incoming`. Nothing else of what a client sends is looked at. Reading
 * a header costs, so what does not matter to a file, or to a request without a body, is left out at the end or as an empty line.
 */
const READ_FOR_FILES = ["traceparent", "accept", "accept-encoding", "if-none-match"];
const READ_WITHOUT_BODY = ["traceparent", "", "", "", "authorization", "cf-connecting-ip", "content-length", "last-event-id"];
const READ = [
  ...READ_FOR_FILES,
  ...READ_WITHOUT_BODY.slice(READ_FOR_FILES.length),
  "content-type",
  "content-encoding",
  "idempotency-key",
];

/** Field values hold no line feed, so a line is a value; an absent header is an empty line. */
function lines(headers, names) {
  let text = "";
  for (const name of names) text += name === "" ? "\n" : "\n" + (headers.get(name) ?? "");
  return text;
}

/** Sets the headers that stand in the text from a place on, a line each. */
export function setAll(headers, text, from) {
  while (from < text.length) {
    const colon = text.indexOf(": ", from);
    const feed = text.indexOf("\n", from);
    const end = feed < 0 ? text.length : feed;
    headers.set(text.slice(from, colon), text.slice(colon + 2, end));
    from = end + 1;
  }
  return headers;
}

/** The time in milliseconds, the method, the URL, and the values of `READ`, a line each. */
function describe(request) {
  const { method, url } = request;
  const ofFiles = url.startsWith("/api/", url.indexOf("/", 8)) ? READ_WITHOUT_BODY : READ_FOR_FILES;
  return `${Date.now()}\n${method}\n${url}${lines(request.headers, method === "GET" ? ofFiles : READ)}`;
}

/**
 * Answers a request, whatever becomes of the WebAssembly instance. A global, because the entry point cannot name this module: its path
 * carries a hash.
 */
globalThis.__raxx_answer = async (instance, request, env, context) => {
  const state = globalThis.__worker_init_state;
  bindings = env;
  try {
    if (state.criticalError) revive(instance, state);
    const visit = new Visit(instance, request, context);
    current = visit;
    const task = instance.begin(describe(request));
    if (task !== 0) await drive(visit, task);
    return visit.response ?? lastResort();
  } catch (error) {
    // A trap that was no panic, such as memory that ran out, is the end of the instance as well.
    if (error instanceof WebAssembly.RuntimeError) state.criticalError = true;
    return lastResort();
  }
};

/** Begins a new instance in place of one that died. */
function revive(instance, state) {
  instance.__wbg_reset_state();
  state.criticalError = false;
  state.instanceId += 1;
}

/** Tasks whose clients may have gone away: the runtime then never runs their code again, and only the collector notices. */
const abandoned = new FinalizationRegistry(({ instance, id, task }) => {
  if (globalThis.__worker_init_state.instanceId === id) instance.forget(task);
});

/** Gives Rust what it waits for, until it waits for nothing. */
async function drive(visit, task) {
  const { instance } = visit;
  const state = globalThis.__worker_init_state;
  const id = state.instanceId;
  abandoned.register(visit, { instance, id, task }, visit);
  while (visit.pending !== null) {
    const { text, bytes } = await visit.pending;
    visit.pending = null;
    // The instance has died under another request, and this one's state with it.
    if (state.criticalError || state.instanceId !== id) break;
    current = visit;
    instance.resume(task, text, bytes);
  }
  abandoned.unregister(visit);
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
  const response = new Response(JSON.stringify(problem), { status: 500, headers: templates[PROBLEM_KIND] });
  response.headers.set("content-type", "application/problem+json");
  return response;
}

/** The WebAssembly instance has panicked: it is made anew for the next request. */
export function panicked() {
  globalThis.__worker_init_state.criticalError = true;
}

/** Keeps the fixed headers (kinds separated by an empty line) and the lists of headers to read (a list a line). */
export function configure(fixed, lists) {
  templates = fixed.split("\n\n").map((kind) => setAll(new Headers(), kind, 0));
  readUpstream = lists.split("\n").map((list) => list.split(" "));
}

/** A variable or secret; undefined when it is not text. */
export function variable(name) {
  const value = bindings[name];
  return typeof value === "string" ? value : undefined;
}

/** A header that is not in the usual list. */
export function requestHeader(name) {
  return current.request.headers.get(name) ?? undefined;
}

/** Random bytes. */
export function random(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

export function now() {
  return Date.now();
}

export function log(line) {
  console.log(line);
}

/** Refreshes the key set after the answer. Not at once: Rust is running. */
export function refreshLater() {
  const { context, instance } = current;
  context.waitUntil(
    (async () => {
      await null;
      const visit = new Visit(instance, null, context);
      current = visit;
      const task = instance.refresh();
      if (task !== 0) await drive(visit, task);
    })(),
  );
}

/**
 * Asks the named limits, each with its key, one a line. Gives the place of the first that is exceeded, -1 when none is, and -2
 * when one cannot be asked.
 */
export function admit(limits) {
  current.pending = admitted(limits);
}

async function admitted(limits) {
  try {
    const asked = limits.split("\n").map((line) => {
      const [name, key] = line.split(" ", 2);
      return bindings[name].limit({ key });
    });
    let exceeded = -1;
    for (let place = asked.length - 1; place >= 0; place -= 1) if (!(await asked[place]).success) exceeded = place;
    return { text: `${exceeded}` };
  } catch {
    return { text: "-2" };
  }
}

/** The whole of a stream, or null when it has more than `max` bytes, counted while it arrives. */
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
      return null;
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

/**
 * What the work comes to, or one of the two other outcomes. Not an AbortSignal: one costs as much as everything else here together.
 * What is still under way when the request has been answered is cancelled by the runtime.
 */
function within(milliseconds, work, slow, failed) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds, slow);
    const settle = (outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    work.then(settle, () => settle(failed));
  });
}

const SLOW = { text: "slow" };
const BROKEN = { text: "broken" };
const LARGE = { text: "large" };

/** The body of the request: its bytes, or the word `large`, `slow` or `broken`. */
export function readBody(max, milliseconds) {
  const { request } = current;
  const read = async () => {
    if (request.body === null) return { text: "", bytes: new Uint8Array(0) };
    const bytes = await whole(request.body, max);
    return bytes === null ? LARGE : { text: "", bytes };
  };
  current.pending = within(milliseconds, read(), SLOW, BROKEN);
}

/** What is done with the body of an origin's answer: it is read, and not left as a stream, as `glue::Body`. */
const READ_BODY = 1;

/**
 * Asks an origin. `request` is the method, the URL and the header lines, a line each; the body is `bytes`, or the client's own when it
 * is passed on. The outcome is the status, what the body's reading came to (its length, `large`, or nothing when it was left), and the
 * headers of the list, a line each; or `slow` or `broken`.
 */
export function exchange(request, bytes, passOn, list, treatment, max, milliseconds) {
  const visit = current;
  const method = request.slice(0, request.indexOf("\n"));
  const url = request.slice(method.length + 1, request.indexOf("\n", method.length + 1));
  // Set one by one: a list or an object of them costs the runtime twice as much or more.
  const headers = setAll(new Headers(), request, method.length + url.length + 2);
  const init = { method, headers, redirect: "manual" };
  if (passOn) init.body = visit.request.body;
  // The instance's memory may move before the bytes are sent.
  else if (bytes !== undefined) init.body = bytes.slice();
  visit.pending = within(milliseconds, ask(visit, url, init, readUpstream[list], treatment, max), SLOW, BROKEN);
}

async function ask(visit, url, init, names, treatment, max) {
  const response = await fetch(url, init);
  const { status, headers } = response;
  let read = "";
  if (treatment === READ_BODY) read = await readInto(visit, response, max);
  visit.upstream = response;
  return { text: `${status}\n${read}${lines(headers, names)}`, bytes: visit.body === null ? undefined : new Uint8Array(visit.body) };
}

/** Reads an answer's body; gives its length, or `large` when it has more than `max` bytes. */
async function readInto(visit, response, max) {
  const { headers } = response;
  const announced = headers.get("content-length");
  // `response.body` makes a stream, so it is not looked at where a length bounds the answer.
  if (announced === null || headers.has("content-encoding")) {
    if (response.body === null) return "0";
    const bytes = await whole(response.body, max);
    if (bytes === null) return "large";
    visit.body = bytes.buffer.byteLength === bytes.byteLength ? bytes.buffer : bytes.slice().buffer;
  } else if (Number(announced) <= max) {
    visit.body = await response.arrayBuffer();
  } else {
    response.body?.cancel().catch(() => {});
    return "large";
  }
  return `${visit.body.byteLength}`;
}

/** Reads an answer that was left as a stream, and gives its bytes when it is asked to: the length, `large`, `slow` or `broken`. */
export function readExchange(max, give, milliseconds) {
  const visit = current;
  const read = async () => {
    const text = await readInto(visit, visit.upstream, max);
    return { text, bytes: give && visit.body !== null ? new Uint8Array(visit.body) : undefined };
  };
  visit.pending = within(milliseconds, read(), SLOW, BROKEN);
}

/** Lets go of an answer that is not passed on. */
export function discard() {
  const { upstream } = current;
  if (upstream !== null && !upstream.bodyUsed) upstream.body?.cancel().catch(() => {});
}

/** Whether an ES256 signature verifies: `true` or `false`. A key that the runtime cannot import is a signature that does not verify. */
export function verifyEs256(x, y, signature, signed) {
  // The instance's memory may move before these are read.
  current.pending = verified({ kty: "EC", crv: "P-256", x, y }, signature.slice(), signed.slice());
}

async function verified(jwk, signature, signed) {
  try {
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
    return { text: `${await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, signed)}` };
  } catch {
    return { text: "false" };
  }
}
