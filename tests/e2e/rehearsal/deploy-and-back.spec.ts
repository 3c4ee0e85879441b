import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/journey';
import { arriveAtTicket, demo, message, openTicket, reply, replyBox, unique } from '../support/portal';
import { edge, root } from '../support/system';

const run = promisify(execFile);

/** Runs `cargo xtask deploy` as an operator does; `stamp` makes another release of the same source. */
async function deploy(stamp: string, ...options: string[]): Promise<{ code: number; said: string }> {
  const told = { cwd: root, env: { ...process.env, PORTAL_STAMP: stamp }, maxBuffer: 2 ** 24 };
  const line = ['xtask', 'deploy', '--env', 'rehearsal', '--url', edge, ...options];
  return run('cargo', line, told).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, said: error.stdout + error.stderr }),
  );
}

async function live(page: Page): Promise<string> {
  return ((await (await page.request.get('/release.json')).json()) as { version: string }).version;
}

/** The files that an open page may still ask for. */
async function files(page: Page): Promise<string[]> {
  const all = (await (await page.request.get('/files.json')).json()) as Record<string, string[]>;
  return all[await live(page)] ?? [];
}

async function allThere(page: Page, paths: string[]): Promise<void> {
  for (const path of paths) expect((await page.request.get(path)).status(), path).toBe(200);
}

test('a deployment, one that fails, and the way back leave open tabs working and drafts alone', async ({ customer }) => {
  const { page } = customer;
  const first = await live(page);
  const filesOfFirst = await files(page);
  expect(filesOfFirst.length).toBeGreaterThan(10);
  await openTicket(page, demo.prices);
  const draft = unique('Half a thought');
  await replyBox(page).fill(draft);
  await expect(page.getByText(/^Saved/)).toBeVisible();

  const second = await test.step('a new release goes live', async () => {
    const { code, said } = await deploy('second');
    expect(said).toContain('everything holds');
    expect(code).toBe(0);
    expect(await live(page)).not.toBe(first);
    return live(page);
  });

  await test.step('the old tab goes on', async () => {
    await allThere(page, filesOfFirst);
    await expect(replyBox(page)).toHaveValue(draft);
    await page.getByRole('link', { name: 'All tickets' }).or(page.getByRole('link', { name: 'Raxx Support, your tickets' })).first().click();
    await openTicket(page, demo.exitRule);
    const words = unique('From before the deployment');
    await reply(page, words);
    await expect(message(page, words)).toBeVisible();
  });

  await test.step('reloaded, it is the new release, with the draft', async () => {
    await page.goBack();
    await openTicket(page, demo.prices);
    await page.reload();
    await arriveAtTicket(page, demo.prices);
    await expect(replyBox(page)).toHaveValue(draft);
    expect(await page.content()).not.toContain(filesOfFirst.find((path) => path.includes('/sign-in-') && path.endsWith('.js')));
  });

  await test.step('a release that is too heavy is taken back by itself', async () => {
    const { code, said } = await deploy(randomBytes(60_000).toString('base64'));
    expect(said).toMatch(/FAIL {2}a first visit loads at most/);
    expect(said).toContain('the release before it is live again');
    expect(code).not.toBe(0);
    await expect.poll(() => live(page)).toBe(second);
    await page.reload();
    await arriveAtTicket(page, demo.prices);
    await expect(replyBox(page)).toHaveValue(draft);
    await allThere(page, [...filesOfFirst, '/offline-worker.js']);
  });

  await test.step('an operator goes back from a release that seemed well', async () => {
    const filesOfThird = await test.step('which is deployed first', async () => {
      expect(await deploy('third')).toMatchObject({ code: 0 });
      await page.reload();
      await arriveAtTicket(page, demo.prices);
      return files(page);
    });
    const { code, said } = await deploy('third', '--back');
    expect(said).toContain('everything holds');
    expect(code).toBe(0);
    expect(await live(page)).toBe(second);
    // The page of the third release is open: what it has loaded it keeps, and what it still needs is there.
    expect(filesOfThird).not.toEqual(await files(page));
    await allThere(page, [...filesOfThird, '/offline-worker.js']);
    const words = unique('From a release that was taken back');
    await replyBox(page).fill(words);
    await expect(page.getByText(/^Saved/)).toBeVisible();
    await page.reload();
    await arriveAtTicket(page, demo.prices);
    await expect(replyBox(page)).toHaveValue(words);
  });

  await test.step('a worker that wrangler builds by itself admits the pages that are live', async () => {
    const told = { cwd: root, env: { ...process.env, PORTAL_STAMP: 'fourth', WRANGLER_COMMAND: 'deploy', XTASK_WRANGLER: undefined }, maxBuffer: 2 ** 24 };
    await run('cargo', ['xtask', 'build', 'edge', '--live', edge], told);
    const built = JSON.parse(await readFile(join(root, 'support-spa/dist/release.json'), 'utf8')) as { version: string; previous: { version: string }[] };
    expect(built.version).not.toBe(second);
    expect(built.previous.map(({ version }) => version)).toContain(second);
  });

  await test.step('what was put beside the pages gets into no policy', async () => {
    const file = join(root, 'target/rehearsal/live/site/release.json');
    const before = await readFile(file, 'utf8');
    const release = JSON.parse(before) as { script_hashes: string[] };
    release.script_hashes.push(`sha256-${Buffer.alloc(32).toString('base64')}`);
    await writeFile(file, JSON.stringify(release));
    const { code, said } = await deploy('fourth');
    expect(said).toContain('which the live worker does not admit');
    expect(code).not.toBe(0);
    await writeFile(file, before);
    expect(await live(page)).toBe(second);
  });
});
