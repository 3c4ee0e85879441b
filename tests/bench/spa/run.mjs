// The portal beside an equivalent page in React: one browser, one server, one run, taking turns. Needs a built portal and Chromium.
//
//   node tests/bench/spa/run.mjs [--rounds 5] [--only sign-in,list,thread,list-again,thread-again,list-reloaded,thread-reloaded,500,1000] [--simulate] [--json FILE]
//
// Lighthouse's mobile preset, with its network and processor applied (slow 4G, four times slower) and not simulated: from a server on
// this machine everything arrives before the first frame is drawn, and a simulation then counts all of it towards the first paint.
// `--simulate` does it as Lighthouse does by default.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const ROOT = join(here, "../../..");
if (!existsSync(join(here, "node_modules"))) {
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });
}
const DIST = join(ROOT, "support-spa/dist");
if (!existsSync(join(DIST, "index.html"))) {
  console.error("the portal is not built: run `cargo xtask build portal` first");
  process.exit(1);
}

const { build } = await import("esbuild");
const { default: lighthouse } = await import("lighthouse");
const { default: puppeteer } = await import("puppeteer-core");
const { id, session, ticketPath } = await import("./answers.mjs");
const { portalHeaders, serve } = await import("./site.mjs");

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, only: { type: "string" }, simulate: { type: "boolean", default: false }, json: { type: "string" } },
});
const rounds = Number(options.rounds);
const wanted = (name) => !options.only || options.only.split(",").includes(name);

const programs = {
  ours: await serve(DIST, portalHeaders(DIST)),
  react: await serve(await buildRival()),
};
// On plain `localhost` the sign-in page offers demo passkeys, which customers never see. Names below it count as secure, too.
const HOST = "support.localhost";
for (const program of Object.values(programs)) program.origin = `http://${HOST}:${program.port}`;
const browser = await puppeteer.launch({
  executablePath: process.env.CHROME_PATH ?? "/usr/bin/chromium",
  headless: true,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

// What is there when a page has been seen.
const LIST = 'a[href^="/tickets/tk_"]';
const THREAD = "li.message";

/**
 * What a visitor sees first on each page, signed in or not. A tab is loaded in a session when it was in one before, so `-reloaded` is what
 * customers meet, as with a tab that a phone has thrown away: page and files are seen before and kept. `-again` has lost the files.
 */
const PAGES = {
  "sign-in": { path: "/sign-in", signedIn: false },
  list: { path: "/tickets", signedIn: true },
  thread: { path: ticketPath(20), signedIn: true },
  "list-again": { path: "/tickets", signedIn: true, seen: LIST },
  "thread-again": { path: ticketPath(20), signedIn: true, seen: THREAD },
  "list-reloaded": { path: "/tickets", signedIn: true, seen: LIST, kept: true },
  "thread-reloaded": { path: ticketPath(20), signedIn: true, seen: THREAD, kept: true },
};
const config = { extends: "lighthouse:default", settings: { throttlingMethod: options.simulate ? "simulate" : "devtools" } };
const METRICS = ["first-contentful-paint", "largest-contentful-paint", "interactive", "total-blocking-time", "cumulative-layout-shift"];

const results = {};
for (const [name, page] of Object.entries(PAGES)) {
  if (!wanted(name)) continue;
  for (let round = 0; round < rounds; round += 1) {
    for (const program of Object.keys(programs)) {
      const measured = await load(programs[program].origin + page.path, page);
      ((results[name] ??= {})[program] ??= []).push(measured);
    }
  }
}
for (const count of [500, 1000]) {
  if (!wanted(String(count))) continue;
  for (let round = 0; round < rounds; round += 1) {
    for (const program of Object.keys(programs)) {
      ((results[count] ??= {})[program] ??= []).push(await open(programs[program].origin, count));
    }
  }
}
await browser.close();
for (const program of Object.values(programs)) program.stop();

for (const [name, measured] of Object.entries(results)) {
  console.log(`\n${/^\d+$/.test(name) ? `opening a ticket of ${name} messages from the list, processor slowed four times` : `${name}, ${PAGES[name].kept ? "files kept" : "empty cache"}, Lighthouse mobile`}: medians of ${rounds}`);
  console.table(Object.fromEntries(Object.entries(measured).map(([program, runs]) => [program, medians(runs)])));
}
if (options.json) writeFileSync(options.json, JSON.stringify(results, null, 2));

/** One visit, as Lighthouse's mobile preset simulates it: with an empty cache, unless it is `kept`. */
async function load(url, { signedIn, seen, kept }) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  if (signedIn) await signIn(page);
  if (seen) {
    await page.goto(url);
    await page.waitForSelector(seen);
    await page.waitForNetworkIdle({ idleTime: 500, concurrency: 1 });
    if (!kept) await (await page.createCDPSession()).send("Network.clearBrowserCache");
  }
  const { lhr } = await lighthouse(url, { output: "json", logLevel: "error", disableStorageReset: true }, config, page);
  await context.close();
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  const files = lhr.audits["network-requests"].details.items.filter((item) => !item.url.includes("/api/") && item.url.startsWith("http"));
  const scores = Object.fromEntries(Object.entries(lhr.categories).map(([name, category]) => [name, Math.round(category.score * 100)]));
  return {
    bytes: files.reduce((sum, item) => sum + item.transferSize, 0),
    ...Object.fromEntries(METRICS.map((metric) => [metric, lhr.audits[metric].numericValue])),
    ...scores,
  };
}

/** Opens a long ticket from the list, as a customer does, and watches what that costs. */
async function open(origin, count) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await signIn(page);
  await page.evaluateOnNewDocument(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
  });
  await page.goto(`${origin}/tickets`);
  const first = await page.waitForSelector(`a[href^="/tickets/${id("tk", 1000)}"]`);
  // The pointer is on a link before it is pressed; the portal fetches what opening takes as soon as it is.
  await first.hover();
  await page.waitForNetworkIdle({ idleTime: 300, concurrency: 1 });
  await page.emulateCPUThrottling(4);
  // The list's first ticket is led to the long one: same link, other address.
  const path = ticketPath(count);
  const cost = await page.evaluate(
    async (link, path) => {
      window.longTasks.length = 0;
      const messages = () => document.querySelectorAll("li.message").length;
      const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const began = performance.now();
      history.pushState({ usr: null, key: "bench", idx: 1 }, "", path);
      dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
      while (messages() === 0) await painted();
      const shown = performance.now() - began;
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return { shown, messages: messages(), longTasks: window.longTasks.length, longest: Math.max(0, ...window.longTasks), link: link.isConnected };
    },
    first,
    path,
  );
  await page.emulateCPUThrottling(1);
  const heap = (await page.metrics()).JSHeapUsedSize;
  await context.close();
  return { "shown (ms)": cost.shown, "messages shown": cost.messages, "long tasks": cost.longTasks, "longest task (ms)": cost.longest, "JS heap (MB)": heap / 1e6 };
}

/** The page finds a session in its tab, as after signing in. */
async function signIn(page) {
  await page.evaluateOnNewDocument((kept) => {
    if (location.protocol.startsWith("http")) sessionStorage.setItem("raxx.session", kept);
  }, JSON.stringify(session));
}

function medians(runs) {
  const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const round = (value) => (value < 10 ? Math.round(value * 100) / 100 : Math.round(value));
  return Object.fromEntries(Object.keys(runs[0]).map((name) => [name, round(middle(runs.map((run) => run[name])))]));
}

/** The rival, minified for production and compressed as ours is. Returns its folder. */
async function buildRival() {
  const folder = join(ROOT, "target/bench/spa-rival");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "assets"), { recursive: true });
  await build({
    entryPoints: { rival: join(here, "rival/main.jsx") },
    outdir: join(folder, "assets"),
    bundle: true,
    minify: true,
    format: "esm",
    jsx: "automatic",
    target: ["chrome111", "firefox121", "safari16.4"],
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "none",
    logLevel: "warning",
    absWorkingDir: here,
  });
  await build({ entryPoints: { rival: join(here, "rival/style.css") }, outdir: join(folder, "assets"), minify: true, logLevel: "warning" });
  writeFileSync(join(folder, "index.html"), readFileSync(join(here, "rival/index.html")));
  for (const name of ["index.html", ...readdirSync(join(folder, "assets")).map((name) => `assets/${name}`)]) {
    const content = readFileSync(join(folder, name));
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }
  return folder;
}
