import type { Page } from '@playwright/test';
import { arriveAtList, expect, test, tickets } from '../support/journey';
import { files, forms, openAccount, program } from '../support/parts';
import { arriveAtTicket, demo, messages, openTicket, replyBox, unique } from '../support/portal';
import { held } from '../support/road';

// What the list does not need is loaded when somebody is about to need it.

test('the list comes without the pages behind it, and a ticket’s part comes when the pointer is on one', async ({ customer }) => {
  const { page, watch } = customer;
  await page.mouse.move(0, 0);
  await page.reload();
  await arriveAtList(page);
  const before = watch.requests.length;
  const loaded = (name: string) => watch.requests.slice(before).filter((url) => files(name).test(url));
  // Of this page load nothing but the list's own program was needed.
  expect(watch.requests.slice(watch.requests.findLastIndex((url) => /\/assets\/portal-.*\.wasm$/.test(url))).filter((url) => url.includes('/assets/part-'))).toEqual([]);
  await tickets(page).filter({ hasText: demo.prices }).hover();
  await expect.poll(() => loaded('ticket').length).toBeGreaterThan(0);
  await openTicket(page, demo.prices);
  // Once is enough, and what only other pages need has stayed where it was.
  const all = loaded('ticket');
  expect(new Set(all).size).toBe(all.length);
  expect(loaded('settings').filter((url) => !files('ticket').test(url) && !files('reply').test(url))).toEqual([]);
});

for (const [what, disturb] of [
  ['is cut off', (page: Page, path: RegExp) => page.route(path, (route) => route.abort('connectionreset'))],
  ['is gone', (page: Page, path: RegExp) => page.route(path, (route) => route.fulfill({ status: 404, contentType: 'text/html', body: '<h1>Not found</h1>' }))],
] as const) {
  test(`a page whose part ${what} says so, keeps what was written, and comes when it is asked for again`, async ({ customer }) => {
    const { page } = customer;
    await openTicket(page, demo.prices);
    const words = unique('Before the part was lost');
    await replyBox(page).fill(words);
    await expect(page.getByText(/^Saved/)).toBeVisible();

    await disturb(page, files('settings'));
    await openAccount(page, 'Settings');
    const notice = page.getByRole('heading', { level: 1, name: 'This page did not load.' });
    await expect(notice).toBeFocused();
    await expect(page.getByText('What you wrote is kept.')).toBeVisible();
    // As long as it does not come, trying again says so again.
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(notice).toBeVisible();

    // Nothing else has suffered.
    await page.goBack();
    await arriveAtTicket(page, demo.prices);
    await expect(replyBox(page)).toHaveValue(words);

    await page.goForward();
    await expect(notice).toBeVisible();
    await page.unroute(files('settings'));
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
    await page.goBack();
    await expect(replyBox(page)).toHaveValue(words);
  });
}

for (const [part, address] of [
  ['ticket', undefined],
  ['new_ticket', '/tickets/new'],
  ['settings', '/settings'],
  ['my_data', '/my-data'],
] as const) {
  test(`who opens an address gets its part together with the portal, and once (${part})`, async ({ customer }) => {
    const { page, watch } = customer;
    if (!address) await openTicket(page, demo.prices);
    const path = address ?? new URL(page.url()).pathname;
    await page.goto('about:blank');
    const before = watch.requests.length;
    const asked = (pattern: RegExp) => watch.requests.slice(before).filter((url) => pattern.test(url));
    const letGo = await held(page, program);
    await page.goto(path);
    await expect.poll(() => asked(files(part)).length).toBeGreaterThan(0);
    const early = asked(files(part));
    // The portal's program has not come, so nothing of it can have asked.
    await expect(page.locator('#app:not([aria-busy]) .skip-link')).not.toBeAttached();
    letGo();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
    expect(asked(files(part)).sort()).toEqual(early.sort());
    expect(new Set(early).size).toBe(early.length);
    if (!address) {
      await expect(messages(page).first()).toBeVisible();
      // So with the ticket itself.
      expect(asked(new RegExp(`/api/v1/support${path}$`))).toHaveLength(1);
    }
  });
}

for (const [where, width] of [
  ['on a desk', 1440],
  ['on a telephone', 390],
] as const) {
  test(`${where} a thread is there before the box that one answers in, which then moves nothing`, async ({ customer }) => {
    const { page } = customer;
    await page.setViewportSize({ width, height: 900 });
    const letGo = await held(page, forms);
    await openTicket(page, demo.prices);
    const place = page.locator('.reply');
    const before = (await place.boundingBox())?.height ?? 0;
    await expect(replyBox(page)).not.toBeAttached();
    letGo();
    await expect(replyBox(page)).toBeVisible();
    const after = (await place.boundingBox())?.height ?? 0;
    expect(Math.abs(after - before), `it was ${before} pixels high, and is ${after}`).toBeLessThanOrEqual(2);
  });
}

test('a box that does not come says so below its thread, and comes when it is asked for again', async ({ customer }) => {
  const { page } = customer;
  await page.route(forms, (route) => route.abort('connectionreset'));
  await openTicket(page, demo.prices);
  await expect(page.getByRole('main').getByText('This form did not load.')).toBeVisible();
  await expect(messages(page).first()).toBeVisible();
  await page.mouse.move(0, 0);
  await page.unroute(forms);
  await page.getByRole('button', { name: 'Try again' }).press('Enter');
  await expect(replyBox(page)).toBeVisible();
});

test('a ticket whose part does not come leaves the list usable', async ({ customer }) => {
  const { page } = customer;
  await page.route(files('ticket'), (route) => route.abort('connectionreset'));
  await tickets(page).filter({ hasText: demo.prices }).click();
  const notice = page.getByRole('heading', { level: 1, name: 'This page did not load.' });
  await expect(notice).toBeVisible();
  await expect(tickets(page).first()).toBeVisible();
  // The pointer on a ticket asks for the part again, too. This is about the button.
  await page.mouse.move(0, 0);
  await expect(notice).toBeVisible();
  await page.unroute(files('ticket'));
  await page.getByRole('button', { name: 'Try again' }).press('Enter');
  await arriveAtTicket(page, demo.prices);
});

test.describe('without a connection', () => {
  test.use({ setting: { serviceWorkers: 'allow' } });

  test('pages that were never opened open', async ({ customer }) => {
    const { context, page } = customer;
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await expect.poll(() => page.evaluate(async () => (await caches.match('/')) !== undefined)).toBe(true);
    await context.setOffline(true);
    await openAccount(page, 'Settings');
    await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
    await openAccount(page, 'My data');
    await expect(page.getByRole('heading', { level: 1, name: 'My data' })).toBeVisible();
    await page.getByRole('link', { name: 'New ticket', exact: true }).click();
    await expect(page.getByRole('textbox', { name: 'Subject' })).toBeVisible();
  });
});
