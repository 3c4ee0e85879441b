import { execFile } from 'node:child_process';
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
