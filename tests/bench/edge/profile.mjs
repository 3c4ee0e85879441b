// Where the worker's time goes: one scenario under workerd's own profiler, and each function's share.
//
//   node tests/bench/edge/profile.mjs [--scenario warm] [--seconds 5] [--worker ours] [--save FILE.cpuprofile]
//
// Rust's functions have names where `edge-worker/build/index_bg.wasm` has a name section (wasm-opt's `-g`).

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import WebSocket from "ws";

import * as origins from "./origin.mjs";
import { SCENARIOS, key } from "./scenarios.mjs";
import { load, start } from "./workers.mjs";

const { values: options } = parseArgs({
  options: {
    scenario: { type: "string", default: "warm" },
    seconds: { type: "string", default: "5" },
    worker: { type: "string", default: "ours" },
    save: { type: "string" },
  },
});

const origin = await origins.start(key);
const { miniflare, urls, scratch, stop } = await start({ origin: origin.url, inspectorPort: 0 });
const inspector = await miniflare.getInspectorURL();
const socket = new WebSocket(`ws://${inspector.host}/core:user:${options.worker}`);
await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));

const waiting = new Map();
let last = 0;
socket.on("message", (data) => {
  const { id, result, error } = JSON.parse(data);
  const settle = waiting.get(id);
  waiting.delete(id);
  if (settle) error ? settle.reject(new Error(error.message)) : settle.resolve(result);
});
const ask = (method, params = {}) =>
  new Promise((resolve, reject) => {
    waiting.set((last += 1), { resolve, reject });
    socket.send(JSON.stringify({ id: last, method, params }));
  });

await load(SCENARIOS[options.scenario], urls[options.worker], { seconds: 1, connections: 32, scratch });
await ask("Profiler.enable");
await ask("Profiler.setSamplingInterval", { interval: 200 });
await ask("Profiler.start");
const { requests } = await load(SCENARIOS[options.scenario], urls[options.worker], { seconds: Number(options.seconds), connections: 32, scratch });
const { profile } = await ask("Profiler.stop");
socket.close();
await stop();
origin.stop();
if (options.save) writeFileSync(options.save, JSON.stringify(profile));

const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
const own = new Map();
profile.samples.forEach((id, place) => own.set(id, (own.get(id) ?? 0) + profile.timeDeltas[place]));
/** Time of a function itself, and of all that it calls, once for each stack. */
const self = new Map();
const total = new Map();
const name = ({ callFrame: { functionName, url, lineNumber } }) => `${functionName || "(anonymous)"} ${url.split("/").at(-1)}:${lineNumber}`;
(function walk(id, above) {
  const node = nodes.get(id);
  const called = name(node);
  let below = own.get(id) ?? 0;
  self.set(called, (self.get(called) ?? 0) + below);
  for (const child of node.children ?? []) below += walk(child, new Set(above).add(called));
  if (!above.has(called)) total.set(called, (total.get(called) ?? 0) + below);
  return below;
})(profile.nodes[0].id, new Set());

console.log(`${requests} requests; microseconds of each, in the function itself and with what it calls`);
const rows = [...total].toSorted((a, b) => b[1] - a[1]).filter(([, microseconds]) => microseconds / requests > 0.3);
for (const [called, microseconds] of rows) {
  console.log(`${(self.get(called) / requests).toFixed(1).padStart(8)} ${(microseconds / requests).toFixed(1).padStart(8)}  ${called.slice(0, 140)}`);
}
