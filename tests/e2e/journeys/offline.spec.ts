import type { BrowserContext, CDPSession, Page } from '@playwright/test';
import { arrivesOnce, opensOnce, operator } from '../support/helpdesk';
import { arriveAtList, email, expect, test, tickets } from '../support/journey';
import { arriveAtTicket, attach, attached, csv, demo, fillTicket, message, openTicket, replyBox, toast, unique } from '../support/portal';
import { calls, counted } from '../support/road';

// Elsewhere journeys run without the service worker, so that they can disturb every request.
test.use({ setting: { serviceWorkers: 'allow' } });

/** Waits until the portal would open without a connection. */
async function prepared(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(async () => (await caches.match('/')) !== undefined)).toBe(true);
}

/** Opens the page again without a connection. Chromium emulates the loss of it, and forgets to tell a page that opens without one. */
async function reload(page: Page): Promise<void> {
  await page.reload();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', { offline: true, ...throughput });
  reminders.push(devtools);
}

/** The connection is back. */
async function connect(context: BrowserContext): Promise<void> {
  await context.setOffline(false);
  for (const devtools of reminders.splice(0)) await devtools.send('Network.emulateNetworkConditions', { offline: false, ...throughput });
}

const reminders: CDPSession[] = [];
const throughput = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };

test('without a connection the portal opens again, with the list and the tickets that were read', async ({ customer }) => {
  const { context, page } = customer;
  await openTicket(page, demo.exitRule);
  await page.goto('/tickets');
  await arriveAtList(page);
  const seen = await tickets(page).count();
  await prepared(page);
  await context.setOffline(true);
  await reload(page);
  await arriveAtList(page);
  await expect(tickets(page)).toHaveCount(seen);
  await expect(page.getByText('You are offline. You can read what was loaded and go on writing.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Offline · last synced \d\d:\d\d/ })).toBeVisible();
  await openTicket(page, demo.exitRule);
  await reload(page);
  await arriveAtTicket(page, demo.exitRule);
  // What was never read cannot be shown, and says so.
  await page.goBack();
  await arriveAtList(page);
  await tickets(page).filter({ hasText: demo.margin }).click();
  await expect(page.getByText('This ticket could not be loaded.')).toBeVisible();
  await connect(context);
  await expect(page.locator('.banner.offline')).toHaveCount(0);
  await page.getByRole('button', { name: 'Try again' }).click();
  await arriveAtTicket(page, demo.margin);
});

test('only files of the portal are kept for that, and nothing of a customer', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  await prepared(page);
  await page.reload();
  await arriveAtTicket(page, demo.exitRule);
  const kept = await page.evaluate(async () => {
    const all: string[] = [];
    for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) all.push(new URL(request.url).pathname);
    return all.sort();
  });
  expect(kept.length).toBeGreaterThanOrEqual(4);
  for (const path of kept) expect(path).toMatch(/^\/(|favicon\.svg|assets\/[\w.-]+)$/);
  // Everything that the page loads is there: the page alone would be of no use. What is for development systems alone is not kept.
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname));
  for (const path of loaded.filter((path) => /^\/assets\/(?!demo-)/.test(path))) expect(kept).toContain(path);
});

test('the worker may reach nothing but the portal, and is checked for news every time', async ({ customer }) => {
  const answer = await customer.page.request.get('/offline-worker.js');
  const headers = answer.headers();
  expect(headers['content-security-policy']).toContain("default-src 'none'; connect-src 'self'");
  expect(headers['cache-control']).toBe('no-cache');
  expect((await answer.body()).length).toBeLessThan(2_500);
});

test('a ticket written offline survives a reload, waits with the customer’s knowledge, and is opened once', async ({ customer }) => {
  const { context, page } = customer;
  const address = await email(page);
  await page.goto('/tickets/new');
  await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeVisible();
  await prepared(page);
  await context.setOffline(true);
  const subject = unique('From the tunnel');
  await fillTicket(page, subject, 'Written in the dark.');
  await attach(page, csv());
  await expect(attached(page, 'fills.csv')).toContainText('Waiting');
  for (const field of await page.locator('form [aria-required=true]').all()) {
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption({ index: 1 });
  }
  await page.getByRole('button', { name: 'Send when online' }).click();
  await expect(page.locator('.note.held')).toContainText('Waiting for a connection');
  await expect(page.locator('.banner.offline')).toContainText('1 message waits');
  await reload(page);
  await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue(subject);
  // The topics are there without a connection too.
  await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeVisible();
  await expect(attached(page, 'fills.csv')).toBeVisible();
  const sends = counted(page, calls.create);
  await connect(context);
  await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible();
  const id = await opensOnce(address, subject);
  expect((await operator.conversation(id)).threads[0].attachments).toHaveLength(1);
  expect(sends.happened).toBe(1);
});

test('what waits goes without its form, in the order in which it was written, once', async ({ customer }) => {
  const { context, page } = customer;
  const address = await email(page);
  for (const subject of [demo.prices, demo.exitRule]) {
    await openTicket(page, subject);
    await page.goto('/tickets');
    await arriveAtList(page);
  }
  await page.goto('/tickets/new');
  await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeVisible();
  await page.goto('/tickets');
  await arriveAtList(page);
  await prepared(page);
  const sent: string[] = [];
  // What left the device: a page that opens without a connection and has not been told may try, in vain.
  page.on('response', (response) => {
    const request = response.request();
    if (request.method() === 'POST' && /\/(tickets|replies)$/.test(new URL(request.url()).pathname)) sent.push(request.postData() ?? '');
  });
  await context.setOffline(true);
  const words = [unique('First'), unique('Second'), unique('Third')];
  for (const [index, subject] of [demo.prices, demo.exitRule].entries()) {
    await openTicket(page, subject);
    await replyBox(page).fill(words[index]);
    await page.getByRole('button', { name: 'Send when online' }).click();
    await expect(page.locator('.note.held')).toContainText('Waiting for a connection');
    await page.goBack();
    await arriveAtList(page);
  }
  await page.getByRole('link', { name: 'New ticket' }).first().click();
  await page.getByRole('textbox', { name: 'Subject' }).fill(words[2]);
  await page.getByRole('textbox', { name: 'Message' }).fill('The third thing.');
  for (const field of await page.locator('form [aria-required=true]').all()) {
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption({ index: 1 });
  }
  await page.getByRole('button', { name: 'Send when online' }).click();
  await expect(page.locator('.banner.offline')).toContainText('3 messages wait');
  await page.goBack();
  await arriveAtList(page);
  await reload(page);
  await arriveAtList(page);
  await expect(page.locator('.banner.offline')).toContainText('3 messages wait');
  await connect(context);
  await expect(toast(page, 'Your ticket has been sent.')).toBeVisible();
  await opensOnce(address, words[2]);
  await arrivesOnce(await operator.find(address, demo.prices), words[0]);
  await arrivesOnce(await operator.find(address, demo.exitRule), words[1]);
  expect(sent.map((body) => words.findIndex((word) => body.includes(word)))).toEqual([0, 1, 2]);
  await openTicket(page, demo.prices);
  await expect(replyBox(page)).toHaveValue('');
});

test('what waits and is refused stays a draft, and the customer is told', async ({ customer }) => {
  const { context, page } = customer;
  await openTicket(page, demo.prices);
  await prepared(page);
  await context.setOffline(true);
  const words = unique('It will be refused');
  await replyBox(page).fill(words);
  await page.getByRole('button', { name: 'Send when online' }).click();
  await expect(page.locator('.note.held')).toBeVisible();
  await page.goBack();
  await arriveAtList(page);
  await page.route(/\/replies$/, (route) =>
    route.fulfill({
      status: 422,
      contentType: 'application/problem+json',
      body: JSON.stringify({ type: 'urn:raxx:support:problem:invalid', title: 'No.', status: 422, code: 'invalid', reference: 'R-WAKJ1-G15PH' }),
    }),
  );
  await connect(context);
  await expect(toast(page, 'A message that was waiting was not sent.')).toBeVisible();
  await page.unroute(/\/replies$/);
  await openTicket(page, demo.prices);
  await expect(replyBox(page)).toHaveValue(words);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(message(page, words)).toHaveCount(1);
});
