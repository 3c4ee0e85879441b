// The worker against Hono and against nothing: one machine, one workerd, one run, taking turns. Needs `wrk` and a built worker.
//
//   node tests/bench/edge/run.mjs [--seconds 3] [--rounds 3] [--connections 32] [--only static,warm,...] [--against bare,...]
//                                 [--beside FOLDER ...] [--json FILE]
//
// With `--beside`, copies of `edge-worker/build` that were made before a change take part.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const ROOT = join(here, "../../..");
if (!existsSync(join(here, "node_modules"))) {
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });
}
if (!existsSync(join(ROOT, "edge-worker/build/index.js"))) {
  console.error("the worker is not built: run `cargo xtask build edge` first");
  process.exit(1);
}

const { REFUSED, SCENARIOS, key } = await import("./scenarios.mjs");
const origins = await import("./origin.mjs");
const { BUILT, common, load, ours, start } = await import("./workers.mjs");
const { startup } = await import("./startup.mjs");

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "3" },
    connections: { type: "string", default: "32" },
    only: { type: "string" },
    against: { type: "string" },
    beside: { type: "string", multiple: true },
    json: { type: "string" },
  },
});

const origin = await origins.start(key);
const began = options.only ? undefined : await startup(ours(BUILT), common(origin.url));
const { urls: workers, scratch, stop } = await start({
  origin: origin.url,
  beside: options.beside,
  ...(options.against === undefined ? {} : { rivals: options.against.split(",").filter(Boolean) }),
});

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
  const before = cpu();
  const done = await load(SCENARIOS[scenario], workers[name], { seconds, connections: options.connections, scratch });
  return { ...done, rate: (done.requests * 1e6) / done.duration, cpu: (cpu() - before) / done.requests };
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
await stop();
origin.stop();

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
