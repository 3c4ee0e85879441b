// What it costs to start the worker: processor time of a workerd of its own until its first answer, beyond that of an empty worker.

import { existsSync, readFileSync, readdirSync } from "node:fs";

import { Miniflare } from "miniflare";

const EMPTY = { modules: true, script: "export default { fetch: () => new Response(null) }" };

/** Milliseconds on a processor of all threads of a process, where the system tells (Linux). */
function spent(id) {
  const nanoseconds = readdirSync(`/proc/${id}/task`).map((task) => Number(readFileSync(`/proc/${id}/task/${task}/schedstat`, "utf8").split(" ")[0]));
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}

const workerds = () =>
  new Set(
    readdirSync("/proc").filter((id) => {
      try {
        const [, name, parent] = readFileSync(`/proc/${id}/stat`, "utf8").match(/^\d+ \((.*)\) \S (\d+)/);
        return name === "workerd" && Number(parent) === process.pid;
      } catch {
        return false;
      }
    }),
  );

async function start(worker, shared) {
  const others = workerds();
  const miniflare = new Miniflare({ ...worker, ...shared, handleRuntimeStdio: (...streams) => streams.forEach((stream) => stream.resume()), cf: false });
  await miniflare.ready;
  await (await fetch(new URL("/nowhere", await miniflare.unsafeGetDirectURL()))).text();
  const [own] = [...workerds()].filter((id) => !others.has(id));
  const milliseconds = spent(own);
  await miniflare.dispose();
  return milliseconds;
}

/** Milliseconds, the median of some rounds that take turns; undefined where the system does not tell. */
export async function startup(worker, shared, rounds = 7) {
  if (!existsSync("/proc/self/schedstat")) return undefined;
  const beyond = [];
  for (let round = 0; round < rounds; round += 1) {
    const empty = await start(EMPTY, shared);
    beyond.push((await start(worker, shared)) - empty);
  }
  return beyond.toSorted((a, b) => a - b)[Math.floor(rounds / 2)];
}
