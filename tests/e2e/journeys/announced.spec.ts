import type { Page } from '@playwright/test';
import { arriveAtList, expect, test } from '../support/journey';
import { edge } from '../support/system';

/** The sign-in page's module, as an address on the wire. */
const MODULE = /\/assets\/sign-in-[0-9a-f]{12}\.wasm$/;

/**
 * What the browser says about files that were announced and that nobody used, once it has looked: it is given a file of our own that
 * nobody uses, and says so of all such files at the same time.
 */
async function unused(page: Page, path: string): Promise<string[]> {
  const said: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('was preloaded using link preload but not used')) said.push(message.text());
  });
  await page.addInitScript(() => {
    addEventListener('DOMContentLoaded', () => {
      const link = document.createElement('link');
      for (const [name, value] of Object.entries({ rel: 'preload', as: 'image', href: '/favicon.svg?unused' })) link.setAttribute(name, value);
      document.head.append(link);
    });
  });
  await page.goto(path);
  await expect.poll(() => said.some((text) => text.includes('favicon.svg?unused')), 'the browser has looked').toBe(true);
  return said.filter((text) => !text.includes('favicon.svg?unused'));
}

for (const path of ['/', '/sign-in']) {
  test(`what ${path} announces is fetched once, before the page asks for it, and used`, async ({ browser }) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const fetched: { url: string; type: string }[] = [];
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    devtools.on('Network.requestWillBeSent', ({ request, initiator }) => {
      if (MODULE.test(request.url)) fetched.push({ url: request.url, type: initiator.type });
    });
    const answer = page.waitForResponse(`${edge}${path}`);
    expect(await unused(page, path)).toEqual([]);
    expect((await answer).headers().link).toMatch(/^<\/assets\/sign-in-[0-9a-f]{12}\.wasm>; rel=preload; /);
    await expect(page.getByRole('link', { name: 'Skip to content' })).toBeAttached();
    // The page's script would count as its initiator; the header counts as nobody.
    expect(fetched.map(({ type }) => type)).toEqual(['other']);
    await context.close();
  });
}

test('a page of the portal announces nothing, in a session or without', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/tickets');
  const answer = page.waitForResponse(`${edge}/tickets`);
  await page.reload();
  expect((await answer).headers().link).toBeUndefined();
  await arriveAtList(page);
});
