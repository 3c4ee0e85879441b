// Runs before the first paint, inline, by its hash: puts a chosen theme on, sets Trusted Types up before anything else runs, and brings
// the program that is needed. Who is signed in gets the portal; everybody else gets the sign-in page, which is a small part of it.
// The build puts in `PROGRAMS`: by name, the addresses of a program's script, module and style, and the digests of script and style; and
// `PARTS`: of the portal's parts, the names, each made of the pages that need it, what stands before and after a name in its address, and
// which page an address opens.

// The framework builds static parts of a view by parsing markup of its own. This policy lets exactly such markup through (plain tags,
// harmless attributes, no handlers, no addresses), and throws on everything else: nothing that a person wrote can come this way.
const STATIC_MARKUP =
  /^(?:[^<>]+|<\/[a-z][a-z0-9]*>|<!-{0,2}>|<!---->|<[a-z][a-z0-9]*(?: (?:class|hidden|tabindex|type|rows|role|aria-[a-z]+|viewBox|d)(?:="[\w .,:;#()%+-]*")?)*\s*\/?>)*$/i;
const MOST = 20_000;

const programs = PROGRAMS;
const refuse = (what) => {
  throw new TypeError(`This ${what} is not the portal's own.`);
};
window.trustedTypes?.createPolicy("default", {
  createHTML: (markup) => (markup.length <= MOST && STATIC_MARKUP.test(markup) ? markup : refuse("markup")),
  createScriptURL: (url) =>
    url === "/offline-worker.js" || Object.values(programs).some(({ script }) => script === url) ? url : refuse("script"),
});

const show = (id) => raxx.parsed.then(() => document.getElementById(id)?.removeAttribute("hidden"));

function append(name, attributes) {
  const element = document.createElement(name);
  for (const attribute in attributes) element.setAttribute(attribute, attributes[attribute]);
  document.head.append(element);
  return element;
}

const appendScript = ({ script, integrity }) => append("script", { type: "module", src: script, integrity });

const preload = (href) => append("link", { rel: "preload", as: "fetch", href, crossorigin: "anonymous" });

const loaded = (element) =>
  new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = () => reject();
  });

// Whether the prerendered page is still what stands there.
let isShell = true;
let portalBegins;

const raxx = (window.raxx = {
  // Nothing may replace the shell before the parser is done with it.
  parsed: new Promise((resolve) => addEventListener("DOMContentLoaded", resolve)),
  // Kept once the portal itself has begun; offline.js waits for it.
  portal: new Promise((resolve) => (portalBegins = resolve)),
  // Begins to load a program, once. What it needs is then there, or on its way, when it is opened. Answers when its style is there.
  prepare(name) {
    const program = programs[name];
    if (program.styled) return program.styled;
    append("link", { rel: "modulepreload", href: program.script, integrity: program.integrity });
    preload(program.module);
    program.styled = program.style
      ? loaded(append("link", { rel: "stylesheet", href: program.style, integrity: program.style_integrity }))
      : Promise.resolve();
    // A failure is told by whoever opens the program.
    program.styled.catch(() => {});
    return program.styled;
  },
  // Lets a program take the place of the shell, or of the program before it.
  async open(name) {
    const styled = raxx.prepare(name);
    const program = programs[name];
    // The script hands its compiled module over; see program.js.
    const compiled = new Promise((resolve) => (raxx.compiled = resolve));
    compiled.catch(() => {});
    await loaded(appendScript(program));
    const [{ start, leave }] = await Promise.all([compiled, styled, raxx.parsed]);
    // Whoever was in another program before has moved: the next one tells a screen reader so.
    raxx.moved = Boolean(raxx.leave);
    raxx.leave?.();
    raxx.leave = leave;
    isShell = false;
    start();
    if (name === "portal") portalBegins();
  },
});

const root = document.documentElement;
let opens = "sign-in";
let language;
try {
  for (const name of ["theme", "density"]) {
    const kept = localStorage.getItem("raxx." + name);
    if (kept && /^[a-z]+$/.test(kept)) root.setAttribute("data-" + name, kept);
  }
  language = localStorage.getItem("raxx.language");
  const session = JSON.parse(sessionStorage.getItem("raxx.session"));
  if (session && Date.parse(session.expires_at) > Date.now()) {
    opens = "portal";
    // Whoever is signed in must not see the sign-in page while the portal is on its way.
    root.setAttribute("data-session", "");
    const path = location.pathname;
    // Tickets are asked for while the portal is still being loaded. `client::send` takes an answer when it asks for the same address
    // with the same token, and ignores it otherwise.
    const headers = { authorization: "Bearer " + session.token };
    const early = (window.raxxEarly = { token: session.token });
    const ask = (rest) => {
      const uri = "/api/v1/support/tickets" + rest;
      const answer = (early[uri] = fetch(uri, { headers }));
      // A failure is the portal's to tell; until it asks, it must not count as unhandled.
      answer.catch(() => {});
    };
    const ticket = /^\/tickets(\/tk_[a-z0-9]{26})$/.exec(path);
    if (ticket) ask(ticket[1]);
    if (!location.search) ask("?status=open&limit=25");
    // What the page needs beside the portal comes together with it, and not when the portal has begun and asks for it.
    const page = PARTS.pages[path] ?? PARTS.pages[path.replace(/[^/]+$/, "")];
    raxx.prepare(opens);
    for (const name of PARTS.names) if (name.split(".").includes(page)) preload(PARTS.before + name + PARTS.after);
  }
} catch {
  // Storage can be forbidden, or hold nothing that can be read. The defaults are right then.
}

// The words of the last resort stand in the page in every language; the style sheet shows one.
const wanted = [language, ...(navigator.languages ?? [])].map((tag) => (tag ?? "").split("-")[0].toLowerCase());
root.setAttribute("data-speaks", wanted.find((tag) => ["en", "de", "es", "fr", "pt"].includes(tag)) ?? "en");

// Signs that somebody is about to sign in: the portal is loaded while they do, once.
for (const sign of ["pointerover", "pointerdown", "keydown", "focusin"])
  addEventListener(sign, ({ type, target }) => {
    if (type !== "pointerover" || target.closest?.("button")) raxx.prepare("portal");
  });

addEventListener("click", ({ target }) => {
  // The words that are shown when nothing else runs have a button each. It needs no program.
  if (target.closest?.("[data-reload]")) location.reload();
  // The shell's button does nothing yet; the program that replaces the shell makes up for it.
  const button = isShell && target.closest?.("#app .passkey-form button");
  if (button) {
    raxx.pressed = true;
    button.setAttribute("aria-busy", "true");
  }
});

if (typeof WebAssembly === "object") {
  raxx.open(opens).catch((error) => {
    // What did not load, the browser has said itself.
    if (error) console.error(error);
    show(error instanceof WebAssembly.CompileError ? "too-old" : "load-failed");
  });

  // On a development system, which stands on this machine, anybody may have a passkey.
  if (location.hostname === "localhost") appendScript(programs.demo);

  // After a panic nothing of a program runs any more. What was written is saved as it is written, so a reload loses nothing.
  const crashed = (error) => {
    if (!(error instanceof WebAssembly.RuntimeError)) return;
    show("crashed");
    document.getElementById("app")?.setAttribute("inert", "");
  };
  addEventListener("error", (event) => crashed(event.error));
  addEventListener("unhandledrejection", (event) => crashed(event.reason));
} else {
  show("too-old");
}
