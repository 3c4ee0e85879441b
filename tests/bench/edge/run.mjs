// The worker against Hono and against nothing: one machine, one workerd, one run, taking turns. Needs `wrk` and a built worker.
//
//   node tests/bench/edge/run.mjs [--seconds 3] [--rounds 3] [--connections 32] [--only static,warm,...] [--json FILE]

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { execFile } from "node:child_process";

const here = dirname(fileURLToPath(import.meta.url));
const ROOT = join(here, "../../..");
if (!existsSync(join(here, "node_modules"))) {
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });
}
if (!existsSync(join(ROOT, "edge-worker/build/index.js"))) {
  console.error("the worker is not built: run `cargo xtask build edge` first");
  process.exit(1);
}

const { Miniflare } = await import("miniflare");
const { build } = await import("esbuild");
const { AUDIENCE, CUSTOMER, ISSUER, keyPair, token } = await import("../../edge/harness/tokens.mjs");
const { start } = await import("./origin.mjs");
const { startup } = await import("./startup.mjs");

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "3" },
    connections: { type: "string", default: "32" },
    only: { type: "string" },
    json: { type: "string" },
  },
});

const key = keyPair("k1");
/** Has our kid and another key. */
const forger = keyPair("k1");
const origin = await start(key);
const scratch = mkdtempSync(join(tmpdir(), "edge-bench-"));

/** Different tokens, made by the functions in turn. */
const different = (...kinds) => Array.from({ length: 8000 }, (_, place) => kinds[place % kinds.length]());
const past = Math.floor(Date.now() / 1000) - 7200;
/** What strangers try, in equal parts: every worker here refuses each. */
const REFUSED = [
  () => token(forger),
  () => token(key, { header: { alg: "none" }, signature: "" }),
  () => token(key, { header: { alg: "HS256" } }),
  () => token({ ...key, kid: "k2" }),
  () => token(key, { header: { typ: "JWT" } }),
  () => token(key, { claims: { iss: "https://elsewhere.example" } }),
  () => token(key, { claims: { aud: "https://elsewhere.example" } }),
  () => token(key, { claims: { iat: past, nbf: past, auth_time: past, exp: past + 3600 } }),
  () => token(key, { payload: "{" }),
];

/** Ours to beat, and by how much (ratio of requests per second). */
const SCENARIOS = {
  static: { path: "/assets/app.0123456789abcdef.js", headers: { "accept-encoding": "gzip, br" }, targets: { "hono-less": 1.0 } },
  page: { path: "/", headers: { "accept-encoding": "gzip, br" }, targets: {} },
  warm: { path: "/api/v1/support/tickets?limit=25", tokens: [token(key)], targets: { "hono-less": 1.0, "hono-same": 1.5 } },
  cold: { path: "/api/v1/support/tickets?limit=25", tokens: different(() => token(key)), targets: {} },
  rejected: { path: "/api/v1/support/tickets?limit=25", tokens: different(...REFUSED), status: 401, targets: { "hono-less": 1.4 } },
  forged: { path: "/api/v1/support/tickets?limit=25", tokens: different(() => token(forger)), status: 401, targets: { "hono-less": 1.4 } },
  download: {
    path: `/api/v1/support/tickets/tk_${CUSTOMER.slice(3)}/attachments/at_${CUSTOMER.slice(3)}`,
    tokens: [token(key)],
    targets: { bare: 0.95 },
  },
};

const bindings = {
  PAGES_ORIGIN: origin.url,
  RAPTOR_ORIGIN: origin.url,
  JWKS_URL: `${origin.url}/.well-known/jwks.json`,
  JWT_ISSUER: ISSUER,
  JWT_AUDIENCE: AUDIENCE,
  JWT_ALGS: "EdDSA",
  EDGE_SERVICE_TOKEN: "a-service-token-for-the-benchmark-of-edges0",
};
const ratelimits = Object.fromEntries(
  ["ADDRESS", "SIGN_IN", "READ", "WRITE", "FILES", "HEAVY", "REPORTS"].map((name) => [
    `LIMIT_${name}`,
    { simple: { limit: 1_000_000_000, period: 60 } },
  ]),
);
const common = {
  compatibilityDate: readFileSync(join(ROOT, "wrangler.toml"), "utf8").match(/compatibility_date = "(.*)"/)[1],
  bindings,
  ratelimits,
  unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
};

const OURS = {
  modules: true,
  scriptPath: join(ROOT, "edge-worker/build/index.js"),
  modulesRoot: ROOT,
  modulesRules: [
    { type: "ESModule", include: ["**/*.js", "**/*.mjs"] },
    { type: "CompiledWasm", include: ["**/*.wasm"] },
  ],
};
const began = options.only ? undefined : await startup(OURS, common);

const rivals = await Promise.all(
  ["hono-less", "hono-same", "bare"].map(async (name) => {
    const outfile = join(scratch, `${name}.mjs`);
    await build({ entryPoints: [join(here, `rivals/${name}.mjs`)], outfile, bundle: true, format: "esm", minify: true, conditions: ["workerd", "worker", "browser"] });
    return { name, modules: true, script: readFileSync(outfile, "utf8"), ...common };
  }),
);
const miniflare = new Miniflare({
  workers: [
    { name: "ours", ...OURS, ...common },
    ...rivals,
  ],
  // Log lines are written, as in production, and read by nobody here.
  handleRuntimeStdio: (stdout, stderr) => {
    stdout.resume();
    stderr.resume();
  },
  cf: false,
});
await miniflare.ready;
const workers = {};
for (const name of ["ours", "hono-less", "hono-same", "bare"]) {
  workers[name] = (await miniflare.unsafeGetDirectURL(name)).href.replace(/\/$/, "");
}

const run = promisify(execFile);

/** The process that serves all of them, where the system tells (Linux). */
const workerd = existsSync("/proc/self/stat")
  ? readdirSync("/proc").find((id) => /^\d+$/.test(id) && processStat(id)?.name === "workerd" && processStat(id).parent === process.pid)
  : undefined;

function processStat(id) {
  try {
    const text = readFileSync(`/proc/${id}/stat`, "utf8");
    const rest = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // Clock ticks of user and system, 10 ms each.
    return { name: text.slice(text.indexOf("(") + 1, text.lastIndexOf(")")), parent: Number(rest[1]), cpu: (Number(rest[11]) + Number(rest[12])) * 10_000 };
  } catch {
    return undefined;
  }
}

/** Microseconds of processor that the workers' process has used: what a request costs, however busy the machine is with other things. */
const cpu = () => (workerd ? processStat(workerd).cpu : Number.NaN);

async function measure(scenario, name, seconds) {
  const { path, tokens = [], headers = {} } = SCENARIOS[scenario];
  const script = join(scratch, `${scenario}.lua`);
  if (!existsSync(script)) {
    const list = tokens.map((text) => `"Bearer ${text}"`).join(",\n");
    const fixed = Object.entries(headers).map(([header, value]) => `wrk.headers["${header}"] = "${value}"`);
    writeFileSync(
      script,
      `local tokens = {${list}}\nlocal at = 0\n${fixed.join("\n")}\nwrk.headers["cf-connecting-ip"] = "203.0.113.7"\n` +
        `function request()\n  if #tokens > 0 then\n    at = at % #tokens + 1\n    wrk.headers["authorization"] = tokens[at]\n  end\n  return wrk.format("GET", "${path}")\nend\n` +
        `function done(summary, latency)\n  io.write(string.format("RESULT %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99)))\nend\n`,
    );
  }
  const before = cpu();
  const { stdout } = await run("wrk", ["-t1", `-c${options.connections}`, `-d${seconds}s`, "-s", script, workers[name]]);
  const [, requests, duration, p50, p99] = stdout.match(/RESULT (\d+) (\d+) (\d+) (\d+)/).map(Number);
  return { rate: (requests * 1e6) / duration, p50, p99, cpu: (cpu() - before) / requests };
}

/** Before anything is measured: every worker does what the scenario says. */
async function verify(scenario, name) {
  const { path, tokens = [undefined], status = 200, headers = {} } = SCENARIOS[scenario];
  const expected = name === "bare" ? 200 : status;
  for (const [place, text] of tokens.slice(0, REFUSED.length).entries()) {
    const response = await fetch(workers[name] + path, {
      headers: { ...headers, "cf-connecting-ip": "203.0.113.7", ...(text ? { authorization: `Bearer ${text}` } : {}) },
    });
    // The origin says `br` of what is no brotli.
    await response.arrayBuffer().catch(() => {});
    if (response.status !== expected) throw new Error(`${name}, ${scenario}, token ${place}: ${response.status} in place of ${expected}`);
  }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const chosen = options.only?.split(",") ?? Object.keys(SCENARIOS);
const results = {};
for (const scenario of chosen) {
  const found = Object.fromEntries(Object.keys(workers).map((name) => [name, []]));
  for (const name of Object.keys(workers)) {
    await verify(scenario, name);
    await measure(scenario, name, 1);
  }
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const name of Object.keys(workers)) found[name].push(await measure(scenario, name, options.seconds));
  }
  results[scenario] = Object.fromEntries(
    Object.entries(found).map(([name, rounds]) => [
      name,
      { rate: median(rounds.map((one) => one.rate)), p50: median(rounds.map((one) => one.p50)), p99: median(rounds.map((one) => one.p99)), cpu: median(rounds.map((one) => one.cpu)) },
    ]),
  );
}
await miniflare.dispose();
origin.stop();
rmSync(scratch, { recursive: true });

const pad = (text, width) => String(text).padStart(width);
console.log(`requests per second (median of ${options.rounds} rounds of ${options.seconds} s, ${options.connections} connections), p50 and p99 in ms, and microseconds of processor per request`);
console.log(`${"".padEnd(10)}${Object.keys(workers).map((name) => pad(name, 26)).join("")}   ratio of ours to`);
let missed = 0;
for (const [scenario, found] of Object.entries(results)) {
  const cells = Object.values(found).map(({ rate, p50, p99, cpu: each }) =>
    pad(`${rate.toFixed(0)}  ${(p50 / 1000).toFixed(1)}  ${(p99 / 1000).toFixed(1)}  ${each.toFixed(0)}`, 26),
  );
  const ratios = Object.entries(found)
    .filter(([name]) => name !== "ours")
    .map(([name, { rate, cpu: each }]) => {
      const cost = ` [cpu ${(each / found.ours.cpu).toFixed(2)}]`;
      const ratio = found.ours.rate / rate;
      const target = SCENARIOS[scenario].targets[name];
      const verdict = target === undefined ? "" : ratio >= target ? ` (target ${target})` : ` (MISSED ${target})`;
      if (target !== undefined && ratio < target) missed += 1;
      return `${name} ${ratio.toFixed(2)}${cost}${verdict}`;
    });
  console.log(`${scenario.padEnd(10)}${cells.join("")}   ${ratios.join(", ")}`);
}
const wasm = readFileSync(join(ROOT, "edge-worker/build/index_bg.wasm"));
const glue = readFileSync(join(ROOT, "edge-worker/build/index.js"));
const gzip = gzipSync(wasm, { level: 9 }).length + gzipSync(glue, { level: 9 }).length;
console.log(`bundle     ${((wasm.length + glue.length) / 1024).toFixed(0)} KB, ${(gzip / 1024).toFixed(0)} KB gzip (budget 400)`);
if (began !== undefined) console.log(`start-up   ${began.toFixed(0)} ms of processor until the first answer, beyond an empty worker (budget 50)`);
console.log(missed === 0 ? "every target is met" : `${missed} targets are missed`);
if (options.json) writeFileSync(options.json, JSON.stringify({ results, gzip }, null, 2));
