// Copies the release that is live, with the files of those before it, into a folder: `node earlier-releases.mjs <url> <folder>`.
// Ends with 0 when it did, 3 when nothing is deployed at the address yet, and 1 when it cannot tell.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const [url, folder] = process.argv.slice(2);

async function fetched(path) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(new URL(path, url), { redirect: 'error', signal: AbortSignal.timeout(20_000) });
      if (response.status < 500 || attempt === 3) return response;
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

async function keep(path, name) {
  const response = await fetched(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const file = join(folder, name);
  await mkdir(dirname(file), { recursive: true });
  const bytes = Buffer.from(await response.arrayBuffer());
  await writeFile(file, bytes);
  return bytes;
}

try {
  const release = await fetched('/release.json');
  if (release.status === 404) process.exit(3);
  const { previous = [], ...live } = JSON.parse(await keep('/release.json', 'release.json'));
  // The pages say which scripts are theirs, the worker which may run. Were the pages believed, whoever can write them could add a script to
  // the next worker's policy.
  const policy = (await fetched('/')).headers.get('content-security-policy') ?? '';
  const hashes = [live, ...previous].flatMap((release) => [...release.script_hashes, ...release.style_hashes]);
  const strange = hashes.find((hash) => !policy.includes(`'${hash}'`));
  if (strange) throw new Error(`release.json names ${strange}, which the live worker does not admit`);
  const files = JSON.parse(await keep('/files.json', 'files.json'));
  await keep('/', 'index.html');
  // Browsers look for it at this address: one that does not work must be replaced by going back, too.
  await keep('/offline-worker.js', 'offline-worker.js');
  for (const path of new Set(Object.values(files).flat())) {
    if (!/^\/[A-Za-z0-9._/-]+$/.test(path) || path.includes('..')) throw new Error(`${path} is no path of an asset`);
    await keep(path, path.slice(1));
  }
} catch (error) {
  console.error(`cannot copy the release from ${url}: ${error.cause ?? error}`);
  process.exit(1);
}
