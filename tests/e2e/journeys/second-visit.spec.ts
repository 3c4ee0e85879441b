import type { Page } from '@playwright/test';
import { expect, test } from '../support/journey';

/** What a visit to the sign-in page may transfer when the same release was there before, in bytes without headers. */
const MOST = 3_000;

/** Bytes that come over the network from now on, as the browser counts them. */
type Transferred = { content: number; headers: number };

async function transferred(page: Page): Promise<Transferred> {
  const count: Transferred = { content: 0, headers: 0 };
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  const headers = new Map<string, number>();
  // First the headers' length is known, then that of everything.
  devtools.on('Network.responseReceived', ({ requestId, response }) => headers.set(requestId, response.encodedDataLength));
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const own = headers.get(requestId) ?? 0;
    count.headers += own;
    count.content += encodedDataLength - own;
  });
  return count;
}

async function visit(page: Page): Promise<void> {
  await page.goto('/sign-in', { waitUntil: 'networkidle' });
  // Only the running program has this link.
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeAttached();
}

test('a second visit transfers next to nothing', async ({ visitor }) => {
  const { page } = visitor;
  const count = await transferred(page);
  await visit(page);
  const first = { ...count };
  expect(first.content, 'a first visit is counted').toBeGreaterThan(50_000);
  await page.goto('about:blank');
  Object.assign(count, { content: 0, headers: 0 });
  await visit(page);
  console.log(`bytes of content and of headers: first visit ${first.content} and ${first.headers}, second ${count.content} and ${count.headers}`);
  // The page was asked for, and its answer was that nothing has changed.
  expect(count.headers).toBeGreaterThan(0);
  expect(count.content).toBeLessThanOrEqual(MOST);
});
