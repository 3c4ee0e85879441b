// How a page looked when it was left, so that a reload shows it at once, while the portal is still on its way: a phone throws tabs away
// that are not looked at, and brings them back by loading them.
//
// It is kept in `sessionStorage`, beside the session, and is worth as much as that: it is shown in the same tab, at the same address, for
// the same customer, as long as the session lasts, and not after anybody signed out in this browser, when the key goes that it was kept
// under (`browser/look.rs`). Nothing in it can be used but its links: it has no values of fields, and its buttons are switched off, so no
// press and no word gets lost in it.

const NAME = "raxx.look";
// Where there is something to look at. Forms have nothing to say before they can be used.
const PAGES = /^\/tickets(?:\/tk_[a-z0-9]{26})?$/;
const LEFT_OUT = "dialog, [popover], .toasts, [aria-live]";
const SWITCHED_OFF = /^(?:button|input|select|textarea)$/;
const ATTRIBUTE = /^(?!on|style$|src|action|autofocus)/;
// Characters. A longer page is not worth what reading it costs.
const MOST = 400_000;
// What another release drew may not fit this one's style.
const RELEASE = import.meta.url;
const HTML = "http://www.w3.org/1999/xhtml";
const SVG = "http://www.w3.org/2000/svg";

const root = document.documentElement;
const address = () => location.pathname + location.search;
const customer = () => JSON.parse(sessionStorage.getItem("raxx.session"))?.customer.id;

/** An element as `[name, [attribute, value, …], child, …]`, a text as itself. */
function kept(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches(LEFT_OUT)) return "";
  // As it begins, too: a picture's address ends with its page.
  if (node.matches(".picture")) return ["span", ["class", "picture bone"]];
  const attributes = [...node.attributes].filter(({ name }) => ATTRIBUTE.test(name)).flatMap(({ name, value }) => [name, value]);
  // What is chosen and what is searched for stand in the address, too.
  if (node.selected) attributes.push("selected", "");
  if (node.type === "search") attributes.push("value", node.value);
  const children = node.localName === "textarea" ? [] : [...node.childNodes].map(kept).filter(Boolean);
  return [node.localName, attributes, ...children];
}

function drawn(look, space = HTML) {
  if (typeof look === "string") return new Text(look);
  const [name, attributes, ...children] = look;
  const own = name === "svg" ? SVG : space;
  const element = document.createElementNS(own, name);
  for (let at = 0; at < attributes.length; at += 2) {
    if (ATTRIBUTE.test(attributes[at])) element.setAttribute(attributes[at], attributes[at + 1]);
  }
  if (SWITCHED_OFF.test(name)) element.disabled = true;
  element.append(...children.map((child) => drawn(child, own)));
  return element;
}

/** Where the page is scrolled to: by the first message in view, since heights of what is out of sight are estimated; else in pixels. */
function place() {
  const top = (message) => message.getBoundingClientRect().top;
  const message = [...document.querySelectorAll(".message[id]")].find((message) => message.getBoundingClientRect().bottom > 0);
  return message ? [message.id, top(message)] : ["", scrollY];
}

let moves = 0;
for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) addEventListener(kind, () => (moves += 1), { passive: true });

/** Scrolls there, and again in the next frames: what has come into sight has its height only then. Whoever scrolls meanwhile goes on. */
function scrollBack([id, top], frames = 8, before = moves) {
  // Asking where a page is that was not scrolled makes the browser lay it out for nothing.
  if (moves !== before || !(id || top)) return;
  const message = document.getElementById(id);
  scrollTo({ top: message ? scrollY + message.getBoundingClientRect().top - top : top, behavior: "instant" });
  if (frames) requestAnimationFrame(() => scrollBack([id, top], frames - 1, before));
}

function keep() {
  try {
    const of = customer();
    if (!of) return sessionStorage.removeItem(NAME);
    const app = document.getElementById("app");
    // What is not complete, or only a look itself, says less than what was kept before.
    if (!PAGES.test(location.pathname) || app.ariaBusy || app.querySelector("[aria-busy=true]") || app.inert) return;
    const tree = [...app.childNodes].map(kept).filter(Boolean);
    let key = localStorage.getItem(NAME);
    if (!key) localStorage.setItem(NAME, (key = crypto.randomUUID()));
    const look = JSON.stringify({ by: RELEASE, of, at: address(), key, title: document.title, lang: root.lang, place: place(), tree });
    if (look.length <= MOST) sessionStorage.setItem(NAME, look);
    else sessionStorage.removeItem(NAME);
  } catch {
    // Storage can be forbidden, or full. The page then begins with its skeleton.
  }
}

async function show() {
  const look = JSON.parse(sessionStorage.getItem(NAME));
  // A fragment names a message, which the portal has to scroll to when it is there.
  if (!look || location.hash || look.by !== RELEASE || look.at !== address()) return;
  if (look.of !== customer() || look.key !== localStorage.getItem(NAME)) return;
  const tree = look.tree.map((node) => drawn(node));
  await raxx.prepare("portal");
  await raxx.parsed;
  const app = document.getElementById("app");
  // The portal may have come first.
  if (!app.firstElementChild?.matches(".gate")) return;
  document.title = look.title;
  root.lang = look.lang;
  app.ariaBusy = "true";
  app.replaceChildren(...tree);
  scrollBack(look.place);
}

/** Puts what the portal made beside the page in place of the look. */
raxx.reveal = (made) => {
  const before = place();
  const app = document.getElementById("app");
  app.replaceChildren(...made.childNodes);
  app.ariaBusy = null;
  scrollBack(before);
  // Outside of the page it could not be opened.
  app.querySelector("dialog")?.showModal();
};

addEventListener("pagehide", keep);
addEventListener("visibilitychange", () => document.hidden && keep());

// Only a tab that is loaded in a session has one to show; after signing in, there is none.
if (root.hasAttribute("data-session")) show().catch(() => {});
