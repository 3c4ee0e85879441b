// On a development system alone, which stands on this machine: whoever has no passkey gets a demo customer with one. boot.js brings this
// where the address says `localhost`, and where Raptor does not offer enrolment nothing is shown. No customer ever sees it, so it is no
// part of the programs, and it is in English.
const ROUTE = "/api/v1/auth/enrolment";
const app = document.getElementById("app");

// Of the page's style every customer would load it.
const style = new CSSStyleSheet();
style.replaceSync(`
  .demo-enrolment {
    display: grid;
    gap: var(--s3);
    margin-block-start: var(--s3);
    padding: var(--s4);
    border: 1px dashed var(--line-strong);
    border-radius: var(--round-large);
    text-align: start;
  }
  .gate .demo-enrolment .hint {
    max-inline-size: none;
    margin: 0;
  }
`);
document.adoptedStyleSheets.push(style);

async function post(path, body) {
  const headers = { accept: "application/json, application/problem+json", "content-type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}.`);
  return answer.json();
}

const begin = (name) => post(`${ROUTE}/options`, { display_name: name });

async function enrol(name) {
  const { ceremony_id, public_key } = await begin(name);
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(public_key);
  const credential = await navigator.credentials.create({ publicKey });
  await post(ROUTE, { ceremony_id, credential: credential.toJSON() });
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function section() {
  const name = element("input", { type: "text", maxLength: 80, autocomplete: "off", value: "Dana Moreno" });
  const button = element("button", { type: "button", className: "button", textContent: "Create a demo passkey" });
  const failed = element("p", { className: "note failed", hidden: true, textContent: "The demo passkey could not be created." });
  failed.setAttribute("role", "alert");
  button.addEventListener("click", async () => {
    if (!name.value.trim() || button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    failed.hidden = true;
    try {
      await enrol(name.value.trim());
      // From here on it is a customer like any other.
      app.querySelector(".passkey-form button").click();
    } catch {
      failed.hidden = false;
    }
    button.ariaBusy = null;
  });
  return element(
    "section",
    { className: "demo-enrolment", lang: "en" },
    element("p", { className: "hint", textContent: "This is a development system: it can make you a demo customer." }),
    element("label", { className: "field" }, element("span", { textContent: "Name of the demo customer" }), name),
    button,
    failed,
  );
}

// The sign-in page is there when its program has begun, and again whenever somebody has signed out. The shell before it is for the eyes.
function offer() {
  const last = app.querySelector(".skip-link ~ .gate .privacy");
  if (last && !app.querySelector(".demo-enrolment")) last.before(section());
}

// The options cost nothing and expire by themselves.
if (window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
  begin("Demo").then(() => {
    offer();
    new MutationObserver(offer).observe(app, { childList: true, subtree: true });
  }, () => {});
}
