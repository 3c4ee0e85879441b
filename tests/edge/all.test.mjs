// Every suite, in one process: `node --test tests/edge/` finds this file and no other.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
if (!existsSync(join(here, "node_modules"))) {
  console.log("installing the judges of security headers (tests/edge/package-lock.json)");
  // Without scripts: one of them would download lists from hosts that may be out of reach. The suite brings its own.
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });
}

await import("./suites/bundle.mjs");
await import("./suites/attacks.mjs");
await import("./suites/keys.mjs");
await import("./suites/ages.mjs");
await import("./suites/site.mjs");
await import("./suites/preload.mjs");
await import("./suites/requests.mjs");
await import("./suites/answers.mjs");
await import("./suites/faults.mjs");
await import("./suites/golden.mjs");
await import("./suites/streams.mjs");
await import("./suites/events.mjs");
await import("./suites/log.mjs");
await import("./suites/limits.mjs");
await import("./suites/memory.mjs");
await import("./suites/judges.mjs");
