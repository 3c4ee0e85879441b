// Looks at a deployment from outside, as anybody can: `node smoke.mjs <url> [release] [--earlier]`. Prints a line per check; ends with 1 if
// one fails. An earlier release may speak an earlier version of this checkout's contract.

import { brotliCompressSync, constants } from 'node:zlib';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const isEarlier = process.argv.includes('--earlier');
const [address, release] = process.argv.slice(2).filter((word) => word !== '--earlier');
const base = new URL(address);
const local = base.protocol === 'http:';
let failed = 0;

const names = [/free[\s_-]?scout/i, /tickets\.raxx\.app/i, /x-fs-|fs_reply/i];
const policies = {
  page: /default-src 'none'.*frame-ancestors 'none'.*require-trusted-types-for 'script'/s,
  // Nothing in an answer of the API is ever to be rendered.
  answer: /default-src 'none'.*frame-ancestors 'none'.*sandbox/s,
};
const hardened = {
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-embedder-policy': /^require-corp$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'permissions-policy': /publickey-credentials-get=\(self\)/,
  'referrer-policy': /^(no-referrer|same-origin|strict-origin)$/,
  'x-content-type-options': /^nosniff$/,
  ...(local ? {} : { 'strict-transport-security': /max-age=\d{8,}.*includeSubDomains.*preload/ }),
};

async function get(path, options = {}) {
  const ask = () => fetch(new URL(path, base), { redirect: 'manual', signal: AbortSignal.timeout(20_000), ...options });
  // Only reads are made here, so a connection that broke may be tried again; an answer is judged as it came.
  const response = await ask().catch(ask);
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, body, text: body.toString('utf8') };
}

function check(what, holds, seen = '') {
  console.log(`${holds ? 'ok  ' : 'FAIL'}  ${what}${holds || seen === '' ? '' : `: ${seen}`}`);
  if (!holds) failed += 1;
}

function looksRight(path, answer, policy) {
  for (const [name, wanted] of Object.entries({ 'content-security-policy': policy, ...hardened })) {
    const value = answer.headers.get(name) ?? '(missing)';
    check(`${path} has ${name}`, wanted.test(value), value);
  }
  const everything = `${[...answer.headers].flat().join(' ')} ${answer.text}`;
  check(`${path} does not name the help desk`, !names.some((name) => name.test(everything)));
  check(`${path} sets no cookie`, answer.headers.get('set-cookie') === null);
}

function isProblem(what, answer, status, code) {
  const type = answer.headers.get('content-type') ?? '';
  let document = {};
  try {
    document = JSON.parse(answer.text);
  } catch {
    // Said by the check below.
  }
  check(`${what} is a problem document with ${status} ${code}`, answer.status === status && type.startsWith('application/problem+json') && document.code === code, `${answer.status} ${type} ${document.code}`);
}

// A deployment takes a moment until it answers everywhere.
if (release) {
  let live;
  const patience = Number(process.env.SMOKE_PATIENCE_SECONDS ?? 60) * 1_000;
  for (const end = Date.now() + patience; live !== release && Date.now() < end; await sleep(500)) {
    live = await get('/release.json').then(({ text }) => JSON.parse(text).version).catch(String);
  }
  check(`release ${release} is live`, live === release, live);
}

const page = await get('/');
check('the portal answers', page.status === 200, String(page.status));
looksRight('/', page, policies.page);

// What a first visit loads: the page, and the program of the sign-in page. The page names the portal's program too, for later.
const named = [...new Set([...page.text.matchAll(/"(\/assets\/[^"]+\.(?:js|css|wasm))"/g)].map((match) => match[1]))];
const first = named.filter((file) => /^\/assets\/(sign-in|offline)-/.test(file));
for (const extension of ['.js', '.wasm']) {
  check(`the page names the sign-in page's ${extension} and the portal's`, [first, named.filter((file) => !first.includes(file))].every((files) => files.some((file) => file.endsWith(extension))), named.join(' '));
}

// Pages and worker are deployed one after the other: the policy of the one has to admit the scripts of the other.
const policy = page.headers.get('content-security-policy') ?? '';
const admitted = (body) => policy.includes(`'sha256-${createHash('sha256').update(body).digest('base64')}'`);
const inline = [...page.text.matchAll(/<script>(.*?)<\/script>/gs)].map((match) => match[1]);
check('the policy admits the page\'s own script', inline.length > 0 && inline.every(admitted), policy);

let weight = brotliLength(page.body);
for (const file of named) {
  const asset = await get(file);
  check(`${file} is there, for a year`, asset.status === 200 && /immutable/.test(asset.headers.get('cache-control') ?? ''), `${asset.status} ${asset.headers.get('cache-control')}`);
  check(`${file} does not name the help desk`, !names.some((name) => name.test(asset.text)));
  if (file.endsWith('.js')) check(`the policy admits ${file}`, admitted(asset.body), policy);
  if (first.includes(file)) weight += brotliLength(asset.body);
}
const budget = JSON.parse(readFileSync(new URL('../../size-budget.json', import.meta.url), 'utf8'));
check(`a first visit loads at most ${budget.first_load} bytes`, weight <= budget.first_load, String(weight));

const unsigned = await get('/api/v1/support/tickets');
isProblem('a call without a token', unsigned, 401, 'unauthenticated');
check('a refusal says how to authenticate', /^Bearer/.test(unsigned.headers.get('www-authenticate') ?? ''));
looksRight('a refusal', unsigned, policies.answer);
const none = 'eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.eyJzdWIiOiIxIn0.';
isProblem('a token that nobody signed', await get('/api/v1/support/tickets', { headers: { authorization: `Bearer ${none}` } }), 401, 'unauthenticated');
isProblem('a route that does not exist', await get('/api/v1/support/nothing'), 404, 'not_found');
check('a file that does not exist is no page', (await get('/assets/nothing-0000000000000000.js')).status === 404);

// The contract: the version that is spoken is this checkout's, and what anybody may ask has the shape of its document.
const contract = JSON.parse(readFileSync(new URL('../../shared/openapi.json', import.meta.url), 'utf8'));
const spoken = unsigned.headers.get('x-contract-version') ?? '(missing)';
const expected = contract.info.version;
check(`the contract that is spoken is ${expected}${isEarlier ? ' or an earlier one' : ''}`, isEarlier ? /^\d+\.\d+\.\d+$/.test(spoken) : spoken === expected, spoken);
const notices = await get('/api/v1/support/notices');
const operation = contract.paths['/api/v1/support/notices']?.get;
check('the contract has the route for notices', operation !== undefined);
check('notices are served as the contract says', notices.status === 200 && Array.isArray(JSON.parse(notices.text || '{}').items), `${notices.status} ${notices.text.slice(0, 80)}`);

console.log(failed === 0 ? '\neverything holds' : `\n${failed} checks failed`);
process.exitCode = failed === 0 ? 0 : 1;

function brotliLength(bytes) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}
