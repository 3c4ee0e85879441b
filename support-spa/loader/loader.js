// Starts the portal. esbuild bundles this with wasm-bindgen's glue into one module, so that one hash in the policy covers both and
// Trusted Types are set up before anything else runs. `PORTAL_WASM` is the address of the compiled module.
import init, { start } from "portal";

// The framework builds static parts of a view by parsing markup of its own. This policy lets exactly such markup through (plain tags,
// harmless attributes, no handlers, no addresses), and throws on everything else: nothing that a person wrote can come this way.
const STATIC_MARKUP =
  /^(?:[^<>]+|<\/[a-z][a-z0-9]*>|<!-{0,2}>|<!---->|<[a-z][a-z0-9]*(?: (?:class|hidden|tabindex|type|rows|role|aria-[a-z]+|viewBox|d)(?:="[\w .,:;#()%+-]*")?)*\s*\/?>)*$/i;
const MOST = 20_000;

if (window.trustedTypes?.createPolicy) {
  trustedTypes.createPolicy("default", {
    createHTML(markup) {
      if (markup.length <= MOST && STATIC_MARKUP.test(markup)) return markup;
      throw new TypeError("This markup is not the portal's own.");
    },
  });
}

// The tickets are asked for while the module is still being compiled. `client::send` takes the answer when it asks for the same
// address with the same token, and ignores it otherwise.
function askEarly() {
  try {
    const session = JSON.parse(sessionStorage.getItem("raxx.session"));
    if (!session || Date.parse(session.expires_at) <= Date.now() || location.search) return;
    const uri = "/api/v1/support/tickets?status=open&limit=25";
    const headers = { accept: "application/json, application/problem+json", authorization: "Bearer " + session.token };
    const answer = fetch(uri, { headers });
    // A failure is the app's to tell; until it asks, it must not count as unhandled.
    answer.catch(() => {});
    window.raxxEarly = { uri, token: session.token, answer };
  } catch {
    // No session, or a broken one: the app decides what to do about it.
  }
}

function show(id) {
  document.getElementById(id)?.removeAttribute("hidden");
}

askEarly();
if (typeof WebAssembly !== "object") {
  show("too-old");
} else {
  init({ module_or_path: fetch(PORTAL_WASM) })
    .then(start)
    .catch((error) => {
      console.error(error);
      show(error instanceof WebAssembly.CompileError ? "too-old" : "load-failed");
    });
}

// The words that are shown when nothing else runs have a button each. It needs no app.
for (const button of document.querySelectorAll("[data-reload]")) {
  button.addEventListener("click", () => location.reload());
}
