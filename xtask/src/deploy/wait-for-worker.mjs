// Waits until the worker at an address admits a release's scripts: `node wait-for-worker.mjs <url> <release.json>`. A deployed worker takes
// a moment to answer everywhere; pages that it does not know yet would not run under it. Ends with 1 after two minutes.

import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const [url, file] = process.argv.slice(2);
const { script_hashes: hashes, version } = JSON.parse(await readFile(file, 'utf8'));
/** One answer may come from a place that is ahead of the others. */
const enough = 5;
let said = 'nothing';

for (let [end, inARow] = [Date.now() + 120_000, 0]; Date.now() < end; await sleep(500)) {
  try {
    const response = await fetch(new URL('/', url), { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    const policy = response.headers.get('content-security-policy') ?? '';
    said = `${response.status}, ${policy}`;
    inARow = hashes.every((hash) => policy.includes(`'${hash}'`)) ? inARow + 1 : 0;
    if (inARow === enough) process.exit(0);
  } catch (error) {
    said = String(error.cause ?? error);
    inARow = 0;
  }
}
console.error(`the worker at ${url} does not admit the scripts of release ${version}; it last said: ${said}`);
process.exit(1);
