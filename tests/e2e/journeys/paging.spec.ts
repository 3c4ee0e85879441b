import type { Page } from '@playwright/test';
import { endSession, expect, signInAgain, test, tickets } from '../support/journey';
import { arriveAtTicket, demo, longList, messages, moreTickets, openTicket } from '../support/portal';
import { always, calls, counted, fate, road } from '../support/road';

// More of a long list, and what was written before in a long thread. What is shown stays, whatever the next page meets.

/** What the answer to a page may be, and what is said then. */
const faults = [
  ['refused with 500', () => fate.refused(500, 'internal'), 'Something went wrong on our side.'],
  ['refused with 429', () => fate.refused(429, 'rate_limited', {}, { 'retry-after': '7' }), 'That was a lot at once. Try again in 7 seconds.'],
  ['answered by something in between', () => fate.broken(), 'We cannot reach our support desk right now.'],
  ['cut off', () => fate.cut(), 'We could not reach Raxx Support.'],
] as const;

const olderMessages = (page: Page) => page.getByRole('button', { name: 'Show older messages' });

/** A thread of sixty, of which the last page is shown. */
async function longThread(page: Page): Promise<void> {
  await openTicket(page, demo.rollOver);
  await expect(messages(page)).toHaveCount(50);
}

/** Presses until it is said what went wrong: news that come at the same time would take the words away again. */
async function pressAndRead(page: Page, press: () => Promise<void>, note: string, words: string): Promise<void> {
  await expect(async () => {
    await press();
    await expect(page.locator(note)).toContainText(words, { timeout: 3_000 });
  }).toPass({ timeout: 30_000 });
}

for (const [what, meets, words] of faults) {
  test(`a next page that is ${what} leaves the list as it is, says so, and comes at the next try`, async ({ customer }) => {
    const { page } = customer;
    await longList(page);
    const event = await always(page, calls.nextPage, meets());
    await pressAndRead(page, () => moreTickets(page).click(), '.list-tools .note.outdated', words);
    await expect(tickets(page)).toHaveCount(25);
    await event.isOver();
    await moreTickets(page).click();
    await expect(tickets(page)).toHaveCount(50);
    await expect(page.locator('.list-tools .note.outdated')).toHaveCount(0);
  });

  test(`an older page that is ${what} leaves the thread as it is, says so, and comes at the next try`, async ({ customer }) => {
    const { page } = customer;
    await longThread(page);
    const event = await always(page, calls.olderPage, meets());
    await pressAndRead(page, () => olderMessages(page).click(), '.thread .note.outdated', words);
    await expect(messages(page)).toHaveCount(50);
    await event.isOver();
    await olderMessages(page).click();
    await expect(messages(page)).toHaveCount(60);
    await expect(page.locator('.thread .note.outdated')).toHaveCount(0);
  });
}

for (const width of [360, 1280]) {
  test(`messages out of sight have about the room that they need, ${width} pixels wide`, async ({ customer }) => {
    const { page } = customer;
    await page.setViewportSize({ width, height: 780 });
    // One in three stays as short as it is.
    const words = 'Assignment before the dividend, with the short call in the money and no notice from the broker. ';
    await page.route('**/api/v1/support/tickets/tk_*', async (route) => {
      const response = await route.fetch();
      const ticket = await response.json();
      for (const [index, message] of ticket.messages.entries()) {
        const paragraph = { paragraph: [{ text: words.repeat(1 + (index % 7)) }] };
        if (index % 3) message.body = Array(index % 5 + 1).fill(paragraph);
      }
      await route.fulfill({ response, json: ticket });
    });
    await longThread(page);
    const rooms = await page.evaluate(() => {
      const outOfSight = [...document.querySelectorAll('.message:not(.newest)')];
      const heights = () => outOfSight.map((message) => message.getBoundingClientRect().height);
      const kept = heights();
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('.message { content-visibility: visible !important; }');
      document.adoptedStyleSheets.push(sheet);
      return heights().map((needed, index) => ({ needed, kept: kept[index] }));
    });
    expect(rooms.length).toBeGreaterThan(30);
    // What reaches beyond its room lies over the next message.
    expect(rooms.filter(({ needed, kept }) => kept < needed)).toEqual([]);
    const sum = (all: number[]) => all.reduce((one, other) => one + other, 0);
    const ratio = sum(rooms.map(({ kept }) => kept)) / sum(rooms.map(({ needed }) => needed));
    expect(ratio).toBeLessThan(1.6);
    expect(ratio).toBeGreaterThan(1);
  });
}

test('a slow next page says that it is coming, and a double click asks for one', async ({ customer }) => {
  const { page } = customer;
  await longList(page);
  const slow = await road.slow(page, calls.nextPage);
  const asked = counted(page, calls.nextPage);
  await moreTickets(page).dblclick();
  await expect(page.getByRole('button', { name: 'Loading more tickets' })).toHaveAttribute('aria-busy', 'true');
  await slow.wasMet();
  await expect(tickets(page)).toHaveCount(50);
  expect(asked.happened).toBe(1);
});

test('a slow older page says that it is coming, and a double click asks for one', async ({ customer }) => {
  const { page } = customer;
  await longThread(page);
  const slow = await road.slow(page, calls.olderPage);
  const asked = counted(page, calls.olderPage);
  await olderMessages(page).dblclick();
  await expect(page.getByRole('button', { name: 'Loading older messages' })).toHaveAttribute('aria-busy', 'true');
  await slow.wasMet();
  await expect(messages(page)).toHaveCount(60);
  expect(asked.happened).toBe(1);
});

test('offline, a next page says so, and comes when there is a connection again', async ({ customer }) => {
  const { context, page } = customer;
  await longList(page);
  await context.setOffline(true);
  await pressAndRead(page, () => moreTickets(page).click(), '.list-tools .note.outdated', 'We could not reach Raxx Support.');
  await expect(tickets(page)).toHaveCount(25);
  await context.setOffline(false);
  await expect(page.locator('.banner.offline')).toHaveCount(0);
  await moreTickets(page).click();
  await expect(tickets(page)).toHaveCount(50);
});

test('offline, an older page says so, and comes when there is a connection again', async ({ customer }) => {
  const { context, page } = customer;
  await longThread(page);
  await context.setOffline(true);
  await pressAndRead(page, () => olderMessages(page).click(), '.thread .note.outdated', 'We could not reach Raxx Support.');
  await expect(messages(page)).toHaveCount(50);
  await context.setOffline(false);
  await expect(page.locator('.banner.offline')).toHaveCount(0);
  await olderMessages(page).click();
  await expect(messages(page)).toHaveCount(60);
});

test('the session ends before a next page: it comes after signing in again', async ({ customer }) => {
  const { page } = customer;
  await longList(page);
  await endSession(page);
  await moreTickets(page).click();
  await signInAgain(page);
  await expect(tickets(page)).toHaveCount(25);
  await moreTickets(page).click();
  await expect(tickets(page)).toHaveCount(50);
});

test('the session ends before an older page: it comes after signing in again', async ({ customer }) => {
  const { page } = customer;
  await longThread(page);
  await endSession(page);
  await olderMessages(page).click();
  await signInAgain(page);
  await arriveAtTicket(page, demo.rollOver);
  await olderMessages(page).click();
  await expect(messages(page)).toHaveCount(60);
});

for (const [where, width] of [
  ['on a telephone', 390],
  ['on a desk', 1440],
] as const) {
  test(`${where}, whoever goes back from a ticket far down in a long list finds the same rows at the same place`, async ({ customer }) => {
    const { page } = customer;
    await page.setViewportSize({ width, height: 800 });
    await longList(page);
    await moreTickets(page).click();
    await expect(tickets(page)).toHaveCount(50);
    const row = tickets(page).nth(39);
    await row.scrollIntoViewIfNeeded();
    // What has come into sight finds its height, and what is above it moves.
    let top = Number.NaN;
    await expect(async () => {
      const before = top;
      top = (await row.boundingBox())?.y ?? Number.NaN;
      expect(Math.abs(top - before)).toBeLessThan(1);
    }).toPass();
    const [rows, subject] = [await tickets(page).locator('.row-title bdi').allTextContents(), await row.locator('.row-title bdi').innerText()];
    await row.click();
    await arriveAtTicket(page, subject);
    await page.goBack();
    await expect(page.getByRole('heading', { level: 1, name: 'Your tickets' })).toBeVisible();
    await expect(row).toBeInViewport();
    expect(await tickets(page).locator('.row-title bdi').allTextContents()).toEqual(rows);
    await expect.poll(async () => Math.abs(((await row.boundingBox())?.y ?? Number.NaN) - top), 'pixels from where it was').toBeLessThanOrEqual(4);
    // And it stays there.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await expect(tickets(page)).toHaveCount(50);
    await expect(row).toBeInViewport();
  });
}
