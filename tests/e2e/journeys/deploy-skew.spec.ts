import type { Page } from '@playwright/test';
import { changeDrafts, readDraft } from '../support/database';
import { arriveAtList, enrol, expect, test } from '../support/journey';
import { arriveAtTicket, demo, openTicket, released, replyBox, unique } from '../support/portal';

// A deployment in the middle of a customer's work. The system cannot be deployed anew within a journey, so what a browser would see of
// it is told here: another page, a worker of another release, a draft of another version.

test('a new version is offered, and taking it keeps the draft', async ({ visitor }) => {
  const { page } = visitor;
  await page.clock.install();
  await enrol(visitor, 'Ada Example');
  await openTicket(page, demo.prices);
  const words = unique('Before the deployment');
  await replyBox(page).fill(words);
  const event = await released(page);
  await page.clock.fastForward('00:10:30');
  const note = page.getByRole('status').filter({ hasText: 'A new version is ready.' });
  await expect(note).toContainText('Your drafts are kept.');
  await expect(replyBox(page)).toHaveValue(words);
  await event.isOver();
  await note.getByRole('button', { name: 'Reload now' }).click();
  await arriveAtTicket(page, demo.prices);
  await expect(replyBox(page)).toHaveValue(words);
});

test('a draft that a later version wrote is neither shown wrongly nor thrown away', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  await replyBox(page).fill('Written now');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  // The later version keys its drafts in another way, knows more of them, and has raised the database's version.
  const key = await changeDrafts(page, { key: { later: true }, more: 'of it' }, 9);
  await page.reload();
  await arriveAtTicket(page, demo.prices);
  await expect(replyBox(page)).toHaveValue('');
  await page.goto('/tickets');
  await arriveAtList(page);
  expect(await readDraft(page, key)).toMatchObject({ body: 'Written now', more: 'of it' });
  // And this version goes on saving its own.
  await openTicket(page, demo.exitRule);
  await replyBox(page).fill('Still saved');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await page.reload();
  await expect(replyBox(page)).toHaveValue('Still saved');
});

test('a draft is kept for 30 days and no longer', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  await replyBox(page).fill('From last month');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  const day = 24 * 60 * 60 * 1000;
  await changeDrafts(page, { savedAt: Date.now() - 29 * day });
  await page.reload();
  await arriveAtTicket(page, demo.prices);
  await expect(replyBox(page)).toHaveValue('From last month');
  const key = await changeDrafts(page, { savedAt: Date.now() - 30 * day });
  await page.reload();
  await arriveAtTicket(page, demo.prices);
  await expect(replyBox(page)).toHaveValue('');
  await expect.poll(() => readDraft(page, key)).toBeUndefined();
});

test.describe('with the service worker', () => {
  test.use({ setting: { serviceWorkers: 'allow' } });

  const kept = (page: Page) =>
    page.evaluate(async () => {
      const all: Record<string, string[]> = {};
      for (const name of await caches.keys()) all[name] = (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname);
      return all;
    });

  test('while a deployment rolls out, what is kept stays whole', async ({ customer }) => {
    const { context, page } = customer;
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await expect.poll(() => page.evaluate(async () => (await caches.match('/')) !== undefined)).toBe(true);
    const before = await kept(page);
    expect(Object.keys(before)).toHaveLength(1);
    // A worker that is installed now, which asks for /tickets, meets the next release's page. One of another scope is installed although this one is there.
    await context.route(/:\d+\/tickets$/, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace(/portal-[0-9a-f]{12}\.js/g, 'portal-0123456789abcdef.js') });
    });
    const outcome = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.register('/offline-worker.js', { scope: '/assets/' });
      const next = registration.installing as ServiceWorker;
      while (next.state === 'installing') await new Promise((resolve) => next.addEventListener('statechange', resolve, { once: true }));
      return next.state;
    });
    expect(outcome).toBe('redundant');
    expect(await kept(page)).toEqual(before);
    await context.setOffline(true);
    await page.reload();
    await arriveAtList(page);
    await context.setOffline(false);
  });
});
