// The worker as it is shipped, in real workerd, before origins of our own.

import { Miniflare } from "miniflare";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { origin, pages, soundRaptor } from "./origins.mjs";
import { AUDIENCE, ISSUER, keyPair, keySet } from "./tokens.mjs";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../..");
export const SITE = join(ROOT, "tests/edge/fixtures/site");
const ENTRY = join(ROOT, "edge-worker/build/index.js");
/** The worker with a clock that tests can move, and a look inside. */
export const INSTRUMENTED = join(ROOT, "tests/edge/fixtures/instrumented.mjs");
export const SERVICE_TOKEN = "a-service-token-for-the-tests-of-the-edge-0";

/** The limits of the contract, and one by address that no test meets by accident. */
const LIMITS = {
  LIMIT_ADDRESS: 100_000,
  LIMIT_SIGN_IN: 100_000,
  LIMIT_READ: 100_000,
  LIMIT_WRITE: 100_000,
  LIMIT_FILES: 100_000,
  LIMIT_HEAVY: 100_000,
  LIMIT_REPORTS: 100_000,
};

/** Starts the worker. `stop` ends everything that was started. */
export async function start({ vars = {}, limits = {}, key = keyPair("k1"), site = SITE, entry = ENTRY } = {}) {
  if (!existsSync(ENTRY)) {
    throw new Error("the worker is not built: run `cargo xtask build edge` first");
  }
  const raptor = await origin(soundRaptor);
  const site_origin = await origin(pages(site));
  const keys = await origin((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(edge.published);
  });
  const logged = [];
  const collect = (stream) =>
    stream.on("data", (chunk) => logged.push(...chunk.toString().split("\n").filter(Boolean)));
  const options = (bindings) => ({
    modules: true,
    scriptPath: entry,
    modulesRoot: ROOT,
    modulesRules: [
      { type: "ESModule", include: ["**/*.js", "**/*.mjs"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    compatibilityDate: readFileSync(join(ROOT, "wrangler.toml"), "utf8").match(/compatibility_date = "(.*)"/)[1],
    bindings,
    ratelimits: Object.fromEntries(
      Object.entries({ ...LIMITS, ...limits }).map(([name, limit]) => [name, { simple: { limit, period: 60 } }]),
    ),
    handleRuntimeStdio: (stdout, stderr) => {
      collect(stdout);
      collect(stderr);
    },
    cf: false,
    // Straight to the worker: Miniflare's own front rewrites `Accept-Encoding`, and encodes answers anew.
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
  });
  const bindings = {
    PAGES_ORIGIN: site_origin.url,
    RAPTOR_ORIGIN: raptor.url,
    JWKS_URL: `${keys.url}/.well-known/jwks.json`,
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
    JWT_ALGS: "EdDSA",
    EDGE_SERVICE_TOKEN: SERVICE_TOKEN,
    ...vars,
  };
  const miniflare = new Miniflare(options(bindings));
  const edge = {
    raptor,
    pages: site_origin,
    keys,
    key,
    logged,
    published: keySet(key),
    url: await ready(miniflare),
    /** Requests like a browser would, without following redirects. */
    fetch: (path, init = {}) => fetch(new URL(path, edge.url), { redirect: "manual", ...init }),
    /** The same with a session. */
    as: (token, path, init = {}) =>
      edge.fetch(path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } }),
    /** A new isolate, with other variables where some are given. */
    restart: async (changed = {}) => {
      // workerd is started anew only when something differs.
      await miniflare.setOptions(options({ ...bindings, ...changed, RESTARTED: String(Math.random()) }));
      edge.url = await ready(miniflare);
    },
    /** Forgets what the origins have received so far. */
    forget: () => {
      for (const one of [raptor, site_origin, keys]) one.received.length = 0;
    },
    stop: async () => {
      await miniflare.dispose();
      await Promise.all([raptor.stop(), site_origin.stop(), keys.stop()]);
    },
  };
  return edge;
}

async function ready(miniflare) {
  await miniflare.ready;
  return miniflare.unsafeGetDirectURL();
}

/** The log lines that are JSON, once `found` is true of them; fails after five seconds. */
export async function logLines(edge, found) {
  const deadline = Date.now() + 5000;
  for (;;) {
    const lines = edge.logged.flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
    if (found(lines)) return lines;
    if (Date.now() > deadline) throw new Error(`the log never said it:\n${edge.logged.slice(-20).join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
