// How large what wrangler uploads is.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";

import { ROOT } from "../harness/edge.mjs";

/** Bytes after gzip. Cloudflare would take many times as much; what is larger starts more slowly. */
const BUDGET = 400 * 1024;

describe("the bundle", () => {
  const folder = join(ROOT, "edge-worker/build");
  const files = readdirSync(folder).filter((name) => /\.(js|wasm)$/.test(name));

  test("is a script and a module, within its budget", (context) => {
    assert.deepEqual(files.sort(), ["index.js", "index_bg.wasm"]);
    const size = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name)), { level: 9 }).length, 0);
    context.diagnostic(`${(size / 1024).toFixed(0)} KB gzip of ${BUDGET / 1024}`);
    assert.ok(size > 50 * 1024, "something is missing");
    assert.ok(size <= BUDGET, `${size} bytes`);
  });

  test("does not ask for code that the policy would have to admit", () => {
    const script = readFileSync(join(folder, "index.js"), "utf8");
    assert.doesNotMatch(script, /\beval\(|new Function\(|https?:\/\//);
  });
});
