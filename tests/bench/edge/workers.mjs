// The workers, in one workerd: the one that is built, its rivals, and perhaps other builds of ours.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { build } from "esbuild";
import { Miniflare } from "miniflare";

import { AUDIENCE, ISSUER } from "../../edge/harness/tokens.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const ROOT = join(here, "../../..");
export const BUILT = join(ROOT, "edge-worker/build");
const RIVALS = ["hono-less", "hono-same", "bare"];

const ratelimits = Object.fromEntries(
  ["ADDRESS", "SIGN_IN", "READ", "WRITE", "FILES", "HEAVY", "REPORTS"].map((name) => [
    `LIMIT_${name}`,
    { simple: { limit: 1_000_000_000, period: 60 } },
  ]),
);

/** What every worker is told about an origin. */
export const common = (origin) => ({
  compatibilityDate: readFileSync(join(ROOT, "wrangler.toml"), "utf8").match(/compatibility_date = "(.*)"/)[1],
  bindings: {
    PAGES_ORIGIN: origin,
    RAPTOR_ORIGIN: origin,
    JWKS_URL: `${origin}/.well-known/jwks.json`,
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
    JWT_ALGS: "EdDSA",
    EDGE_SERVICE_TOKEN: "a-service-token-for-the-benchmark-of-edges0",
  },
  ratelimits,
  unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
});

/** The worker that lies in a folder. */
export const ours = (folder) => ({
  modules: true,
  scriptPath: join(folder, "index.js"),
  modulesRoot: folder,
  modulesRules: [
    { type: "ESModule", include: ["**/*.js", "**/*.mjs"] },
    { type: "CompiledWasm", include: ["**/*.wasm"] },
  ],
});

async function rival(name, scratch) {
  const outfile = join(scratch, `${name}.mjs`);
  const entryPoints = [join(here, `rivals/${name}.mjs`)];
  await build({ entryPoints, outfile, bundle: true, format: "esm", minify: true, conditions: ["workerd", "worker", "browser"] });
  return { name, modules: true, script: readFileSync(outfile, "utf8") };
}

/** Starts them before an origin. Gives their addresses by name, and how to end them. */
export async function start({ origin, beside = [], rivals = RIVALS, ...options }) {
  const scratch = mkdtempSync(join(tmpdir(), "edge-bench-"));
  const workers = [{ name: "ours", ...ours(BUILT) }];
  for (const folder of beside) workers.push({ name: basename(folder), ...ours(folder) });
  workers.push(...(await Promise.all(rivals.map((name) => rival(name, scratch)))));
  const miniflare = new Miniflare({
    workers: workers.map((worker) => ({ ...worker, ...common(origin) })),
    // Log lines are written, as in production, and read by nobody here.
    handleRuntimeStdio: (stdout, stderr) => {
      stdout.resume();
      stderr.resume();
    },
    cf: false,
    ...options,
  });
  await miniflare.ready;
  const urls = {};
  for (const { name } of workers) urls[name] = (await miniflare.unsafeGetDirectURL(name)).href.replace(/\/$/, "");
  const stop = async () => {
    await miniflare.dispose();
    rmSync(scratch, { recursive: true });
  };
  return { miniflare, urls, scratch, stop };
}

const run = promisify(execFile);
const scripts = new Map();

/** A script for wrk: the scenario's requests, with its tokens in turn. */
function script(scenario, scratch) {
  const { path, tokens = [], headers = {} } = scenario;
  if (!scripts.has(scenario)) {
    const file = join(scratch, `${scripts.size}.lua`);
    const list = tokens.map((text) => `"Bearer ${text}"`).join(",\n");
    const fixed = Object.entries(headers).map(([header, value]) => `wrk.headers["${header}"] = "${value}"`);
    writeFileSync(
      file,
      `local tokens = {${list}}\nlocal at = 0\n${fixed.join("\n")}\nwrk.headers["cf-connecting-ip"] = "203.0.113.7"\n` +
        `function request()\n  if #tokens > 0 then\n    at = at % #tokens + 1\n    wrk.headers["authorization"] = tokens[at]\n  end\n  return wrk.format("GET", "${path}")\nend\n` +
        `function done(summary, latency)\n  io.write(string.format("RESULT %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99)))\nend\n`,
    );
    scripts.set(scenario, file);
  }
  return scripts.get(scenario);
}

/** Asks a worker as often as it answers. Gives the number of requests; the duration, p50 and p99 in microseconds. */
export async function load(scenario, url, { seconds, connections, scratch }) {
  const file = script(scenario, scratch);
  const { stdout } = await run("wrk", ["-t1", `-c${connections}`, `-d${seconds}s`, "-s", file, url]);
  const [, requests, duration, p50, p99] = stdout.match(/RESULT (\d+) (\d+) (\d+) (\d+)/).map(Number);
  return { requests, duration, p50, p99 };
}
