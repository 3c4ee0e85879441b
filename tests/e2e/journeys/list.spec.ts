import { operator } from '../support/helpdesk';
import { arriveAtList, email, endSession, expect, signInAgain, test, tickets } from '../support/journey';
import { announced, demo, longList, moreTickets, openTicket, showTab, tab, unique } from '../support/portal';
import { calls, road } from '../support/road';

const search = (page: import('@playwright/test').Page) => page.getByRole('searchbox', { name: 'Search your tickets' });

test('tabs show the tickets of a status, with counts that are true', async ({ customer }) => {
  const { page } = customer;
  for (const name of ['Waiting for you', 'Resolved', 'All', 'Open'] as const) {
    await showTab(page, name);
    const count = Number((await tab(page, name).locator('.tab-count').innerText()).trim());
    expect(count).toBeGreaterThan(0);
    await expect(tickets(page)).toHaveCount(count);
  }
  await showTab(page, 'Resolved');
  await expect(page).toHaveURL(/\/tickets\?status=resolved$/);
  for (const ticket of await tickets(page).all()) await expect(ticket).toContainText('Resolved');
  await page.reload();
  await expect(tab(page, 'Resolved')).toHaveAttribute('aria-current', 'page');
});

test('every status is there in words, and nothing internal is', async ({ customer }) => {
  const { page } = customer;
  await showTab(page, 'All');
  const rows = page.locator('.rows');
  for (const word of ['Received', 'Working', 'Waiting for you', 'Resolved']) await expect(rows.getByText(word, { exact: true }).first()).toBeVisible();
  const text = await rows.innerText();
  for (const internal of [/spam/i, /internal/i, /do not promise/i, /escalate/i, /vip-watch/i, /please ignore/i, /packet/i]) expect(text).not.toMatch(internal);
});

test('the newest visible activity comes first, and other orders can be chosen', async ({ customer }) => {
  const { page } = customer;
  await showTab(page, 'All');
  await expect(tickets(page).first()).toContainText(demo.prices);
  const times = async () => {
    const all = await page.locator('.rows time').evaluateAll((elements) => elements.map((element) => Date.parse((element as HTMLTimeElement).dateTime)));
    expect(all.length).toBeGreaterThan(5);
    return all;
  };
  expect(await times()).toEqual([...(await times())].sort((one, other) => other - one));
  await page.getByRole('combobox', { name: 'Sort by' }).selectOption({ label: 'Oldest ticket' });
  await expect(page).toHaveURL(/sort=oldest/);
  await expect(tickets(page).first()).toContainText('Broker connection drops every night');
  await page.reload();
  await expect(tickets(page).first()).toContainText('Broker connection drops every night');
});

test('search finds words in subjects and messages, lives in the address, and says what it found', async ({ customer }) => {
  const { page } = customer;
  await showTab(page, 'All');
  await page.keyboard.press('/');
  await expect(search(page)).toBeFocused();
  await search(page).fill('invoice');
  await expect(page).toHaveURL(/q=invoice/);
  await expect(tickets(page)).toHaveCount(1);
  await expect(page.getByText('1 ticket found for “invoice”').first()).toBeVisible();
  await expect(announced(page)).toContainText('1 ticket found');
  await page.reload();
  await expect(search(page)).toHaveValue('invoice');
  await expect(tickets(page)).toHaveCount(1);
  await search(page).fill('491');
  await expect(tickets(page).first()).toContainText(demo.exitRule);
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await expect(search(page)).toBeFocused();
  await expect.poll(() => tickets(page).count()).toBeGreaterThan(5);
});

test('search never finds what customers must not see', async ({ customer }) => {
  const { page } = customer;
  await showTab(page, 'All');
  for (const internal of ['refund', 'packet', 'Handle with care', 'vip-watch']) {
    await search(page).fill(internal);
    await expect(page.getByRole('heading', { name: `Nothing found for “${internal}”.` })).toBeVisible();
  }
});

test('a search without a result says where it looked and offers more', async ({ customer }) => {
  const { page } = customer;
  await search(page).fill('invoice');
  await expect(page.getByRole('heading', { name: 'Nothing found for “invoice”.' })).toBeVisible();
  await page.getByRole('link', { name: 'Search all tickets' }).click();
  await expect(tickets(page).filter({ hasText: demo.invoice })).toHaveCount(1);
  await search(page).fill('no such words anywhere');
  await page.getByRole('link', { name: 'Show all tickets' }).click();
  await expect(search(page)).toHaveValue('');
  await arriveAtList(page);
});

test('Back from a ticket leads to the same part of the list', async ({ customer }) => {
  const { page } = customer;
  await showTab(page, 'Resolved');
  await openTicket(page, demo.invoice);
  await page.goBack();
  await expect(tab(page, 'Resolved')).toHaveAttribute('aria-current', 'page');
  await expect(page).toHaveURL(/status=resolved/);
});

test('a long list comes in pages, keeps its place, and has every ticket once', async ({ customer }) => {
  const { page } = customer;
  await longList(page);
  const more = moreTickets(page);
  await more.click();
  await expect(tickets(page)).toHaveCount(50);
  await more.click();
  await expect(tickets(page)).toHaveCount(60);
  await expect(more).toHaveCount(0);
  // Rows that are out of view are not painted, and have no inner text then.
  const subjects = await tickets(page).locator('.row-title').allTextContents();
  expect(new Set(subjects).size).toBe(60);
});

test('an unread answer is marked, counted in the title, and read by opening it', async ({ customer }) => {
  const { page } = customer;
  const id = await operator.find(await email(page), demo.prices);
  const answer = unique('We see it too');
  await operator.reply(id, `<p>${answer}</p>`, { seconds_ago: 25 });
  const row = tickets(page).filter({ hasText: demo.prices });
  await expect(row).toContainText(answer, { timeout: 30_000 });
  await expect(row).toContainText('Unread');
  await expect(page).toHaveTitle(/^\(\d+\) Your tickets/);
  await openTicket(page, demo.prices);
  await page.goBack();
  await expect(row).not.toContainText('Unread');
  await page.reload();
  await arriveAtList(page);
  await expect(row).not.toContainText('Unread');
});

test('empty lists say why they are empty', async ({ customer }) => {
  const { page } = customer;
  for (const ticket of await operator.of(await email(page))) await operator.setStatus(ticket.id, 'closed');
  await expect(page.getByRole('heading', { name: 'No open tickets.' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/^\d+ are resolved\.$/)).toBeVisible();
  await tab(page, 'Waiting for you').click();
  await expect(page.getByRole('heading', { name: 'Nothing is waiting for you.' })).toBeVisible();
  await tab(page, 'Open').click();
  await page.getByRole('link', { name: 'Show resolved tickets' }).click();
  await expect(tab(page, 'Resolved')).toHaveAttribute('aria-current', 'page');
});

for (const [what, disturb, words] of [
  ['500', (page) => road.refused(page, calls.list, 500, 'internal'), 'Your tickets could not be loaded.'],
  ['maintenance', (page) => road.refused(page, calls.list, 503, 'maintenance'), 'Support is being worked on.'],
  ['a desk that is down', (page) => road.refused(page, calls.list, 503, 'helpdesk_unavailable'), 'We cannot reach our support desk right now.'],
  ['a page of something in between', (page) => road.broken(page, calls.list, 500), 'Your tickets could not be loaded.'],
  ['a connection that breaks', (page) => road.cut(page, calls.list), 'Your tickets could not be loaded.'],
] as [string, (page: import('@playwright/test').Page) => ReturnType<typeof road.cut>, string][]) {
  test(`a list that meets ${what} says so and loads at the next try`, async ({ customer }) => {
    const { page } = customer;
    const event = await disturb(page);
    // An order that was never shown: nothing remembered can stand in.
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption({ label: 'Newest ticket' });
    await event.wasMet();
    await expect(page.getByRole('heading', { name: words })).toBeVisible();
    await page.getByRole('button', { name: 'Try again' }).click();
    await arriveAtList(page);
  });
}

test('a slow list shows its skeleton and then the tickets', async ({ customer }) => {
  const { page } = customer;
  const slow = await road.slow(page, calls.list);
  await page.getByRole('combobox', { name: 'Sort by' }).selectOption({ label: 'Newest ticket' });
  await expect(page.locator('.list-scroll .bone').first()).toBeVisible();
  await slow.wasMet();
  await arriveAtList(page);
});

test('offline, the list that was seen can be read, and says from when it is', async ({ customer }) => {
  const { context, page } = customer;
  await showTab(page, 'Resolved');
  await expect(tickets(page)).toHaveCount(3);
  await showTab(page, 'Open');
  await context.setOffline(true);
  await expect(page.getByText('You are offline.').first()).toBeVisible();
  await showTab(page, 'Resolved');
  await expect(tickets(page)).toHaveCount(3);
  await expect(page.getByRole('button', { name: /^Offline · last synced \d\d:\d\d/ })).toBeVisible();
  await context.setOffline(false);
  await expect(page.locator('.banner.offline')).toHaveCount(0);
});

test('the session ends while the list is refreshed: it stays, and goes on after signing in', async ({ customer }) => {
  const { page } = customer;
  const before = await tickets(page).count();
  await endSession(page);
  await tab(page, 'All').click();
  await signInAgain(page);
  await expect(tab(page, 'All')).toHaveAttribute('aria-current', 'page');
  await expect.poll(() => tickets(page).count()).toBeGreaterThan(before);
});
