import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { edge, root } from '../support/system';

const run = promisify(execFile);
const smoke = join(root, 'tests/smoke/smoke.mjs');

test('the smoke test holds for the system as it is shipped', async () => {
  const { stdout } = await run('node', [smoke, edge]);
  expect(stdout).toContain('everything holds');
  expect(stdout).not.toContain('FAIL');
});

test('the smoke test fails where another release is served than was deployed', async () => {
  const failed = await run('node', [smoke, edge, '0000000000000000'], { env: { ...process.env, SMOKE_PATIENCE_SECONDS: '1' } }).then(() => undefined, (error: { code: number; stdout: string }) => error);
  expect(failed?.code).toBe(1);
  expect(failed?.stdout).toContain('FAIL');
});

/** An answer of the system, before it is passed on. */
type Answer = { headers: Record<string, string>; body: string };

/** The system behind something that changes what it says. */
async function changed(change: (path: string, answer: Answer) => void): Promise<{ url: string; close: () => void }> {
  const server = createServer(async (request, response) => {
    const headers = { ...(request.headers.authorization ? { authorization: request.headers.authorization } : {}), 'accept-encoding': 'identity' };
    const answer = await fetch(new URL(request.url ?? '/', edge), { headers, redirect: 'manual' });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const told = { headers: Object.fromEntries(answer.headers), body: bytes.toString('latin1') };
    for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'connection']) delete told.headers[name];
    change(request.url ?? '/', told);
    response.writeHead(answer.status, told.headers).end(Buffer.from(told.body, 'latin1'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

for (const [what, change, said] of [
  ['a contract of another version', (_, { headers }) => { headers['x-contract-version'] &&= '2.0.0'; }, 'the contract that is spoken is'],
  ['a header that is missing', (path, { headers }) => { if (path === '/') delete headers['cross-origin-opener-policy']; }, '/ has cross-origin-opener-policy'],
  ['a policy that does not know the page', (path, { headers }) => { if (path === '/') headers['content-security-policy'] = headers['content-security-policy'].replaceAll('sha256-', 'sha256-A'); }, "the policy admits the page's own script"],
  ['a name that no customer may see', (path, answer) => { if (path === '/') answer.body += '<!-- Free Scout -->'; }, '/ does not name the help desk'],
  ['a cookie', (path, { headers }) => { if (path === '/') headers['set-cookie'] = 'a=b'; }, '/ sets no cookie'],
] as [string, (path: string, answer: Answer) => void, string][]) {
  test(`the smoke test sees ${what}`, async () => {
    const { url, close } = await changed(change);
    const failed = await run('node', [smoke, url]).then(() => undefined, (error: { code: number; stdout: string }) => error);
    close();
    expect(failed?.code).toBe(1);
    const lines = (failed?.stdout ?? '').split('\n').filter((line) => line.startsWith('FAIL'));
    expect(lines.join('\n')).toContain(said);
  });
}
