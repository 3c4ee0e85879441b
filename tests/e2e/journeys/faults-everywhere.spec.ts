import type { Page } from '@playwright/test';
import { arriveAtList, endSession, enrol, expect, signIn, signInAgain, signOut, test, tickets } from '../support/journey';
import { arriveAtTicket, attach, attached, csv, demo, messages, openTicket, showTab, toast } from '../support/portal';
import { calls, counted, road } from '../support/road';

// What can go wrong with the calls that make no headlines: searching, notices, topics, pictures, languages, signing in and out, taking a
// file away, noting what was read.

type Disturb = (page: Page) => ReturnType<typeof road.cut>;

const search = (page: Page) => page.getByRole('searchbox', { name: 'Search your tickets' });
const soon = { 'retry-after': '7' };

for (const [what, disturb, words] of [
  ['429', (page) => road.refused(page, calls.search, 429, 'rate_limited', {}, soon), 'Try again in 7 seconds.'],
  ['500', (page) => road.refused(page, calls.search, 500, 'internal'), 'Something went wrong on our side.'],
  ['a connection that breaks', (page) => road.cut(page, calls.search), 'We could not reach Raxx Support.'],
] as [string, Disturb, string][]) {
  test(`a search that meets ${what} says why, keeps its words, and finds at the next try`, async ({ customer }) => {
    const { page } = customer;
    const event = await disturb(page);
    await search(page).fill('margin');
    await event.wasMet();
    await expect(page.locator('.list-pane')).toContainText(words);
    await expect(search(page)).toHaveValue('margin');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(tickets(page).filter({ hasText: demo.margin })).toHaveCount(1);
  });
}

test('a slow search shows that it searches, and what is typed meanwhile counts', async ({ customer }) => {
  const { page } = customer;
  const slow = await road.slow(page, calls.search, 2_500);
  await search(page).fill('mar');
  await slow.wasMet();
  await expect(page.locator('.list-scroll .bone').first()).toBeVisible();
  await search(page).fill('margin');
  await expect(tickets(page).filter({ hasText: demo.margin })).toHaveCount(1);
  await page.waitForTimeout(2_500);
  await expect(page).toHaveURL(/q=margin$/);
  await expect(tickets(page)).toHaveCount(1);
});

test('a search without a connection says so, and searches with one', async ({ customer }) => {
  const { context, page } = customer;
  await context.setOffline(true);
  await search(page).fill('margin');
  await expect(page.getByRole('heading', { name: 'Your tickets could not be loaded.' })).toBeVisible();
  await context.setOffline(false);
  await expect(tickets(page).filter({ hasText: demo.margin })).toHaveCount(1);
});

test('the session ends before a search: it is made after signing in', async ({ customer }) => {
  const { page } = customer;
  await endSession(page);
  await search(page).fill('margin');
  await signInAgain(page);
  await expect(tickets(page).filter({ hasText: demo.margin })).toHaveCount(1);
});

test('a list that is refused with 429 says when to try again', async ({ customer }) => {
  const { page } = customer;
  const refused = await road.refused(page, calls.list, 429, 'rate_limited', {}, soon);
  await page.getByRole('combobox', { name: 'Sort by' }).selectOption({ label: 'Newest ticket' });
  await refused.wasMet();
  await expect(page.getByRole('region', { name: 'Your tickets' })).toContainText('Try again in 7 seconds.');
  await page.getByRole('button', { name: 'Try again' }).click();
  await arriveAtList(page);
});

for (const [what, disturb] of [
  ['429', (page) => road.refused(page, calls.topics, 429, 'rate_limited', {}, soon)],
  ['something in between', (page) => road.broken(page, calls.topics)],
] as [string, Disturb][]) {
  test(`topics that meet ${what} stand in nobody's way`, async ({ customer }) => {
    const { page } = customer;
    const event = await disturb(page);
    await page.getByRole('link', { name: 'New ticket' }).click();
    await event.wasMet();
    await expect(page.getByText('The topics could not be loaded. You can write to us without one.')).toBeVisible();
    await page.getByRole('textbox', { name: 'Subject' }).fill('Without a topic');
    await page.getByRole('textbox', { name: 'Message' }).fill('All the same.');
    await page.getByRole('button', { name: 'Send ticket' }).click();
    await arriveAtTicket(page, 'Without a topic');
  });
}

test('the session ends before a new ticket is begun: what it asks for is there after signing in', async ({ customer }) => {
  const { page } = customer;
  await endSession(page);
  await page.getByRole('link', { name: 'New ticket' }).click();
  await signInAgain(page);
  await page.getByRole('textbox', { name: 'Subject' }).fill('After signing in');
  await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue('After signing in');
});

for (const [what, disturb] of [
  ['429', (page) => road.refused(page, calls.discard, 429, 'rate_limited', {}, soon)],
  ['500', (page) => road.refused(page, calls.discard, 500, 'internal')],
  ['a connection that breaks', (page) => road.cut(page, calls.discard)],
  ['an answer that is lost', (page) => road.answerLost(page, calls.discard)],
] as [string, Disturb][]) {
  test(`a file that is taken away is away for the customer, also when that meets ${what}`, async ({ customer }) => {
    const { page } = customer;
    await openTicket(page, demo.prices);
    await attach(page, csv());
    await expect(attached(page, 'fills.csv').getByText('Attached')).toBeVisible();
    const event = await disturb(page);
    await page.getByRole('button', { name: 'Remove fills.csv' }).dblclick({ force: true }).catch(() => undefined);
    await event.wasMet();
    await expect(attached(page, 'fills.csv')).toHaveCount(0);
    await expect(page.locator('.toast')).toHaveCount(0);
  });
}

for (const [what, disturb] of [
  ['500', (page) => road.refused(page, calls.marker, 500, 'internal')],
  ['429', (page) => road.refused(page, calls.marker, 429, 'rate_limited', {}, soon)],
  ['a connection that breaks', (page) => road.cut(page, calls.marker)],
] as [string, Disturb][]) {
  test(`a ticket can be read when noting that meets ${what}`, async ({ customer }) => {
    const { page } = customer;
    const event = await disturb(page);
    await openTicket(page, demo.exitRule);
    await event.wasMet();
    await expect(messages(page).first()).toBeVisible();
    await expect(page.locator('.toast, .note.outdated')).toHaveCount(0);
  });
}

for (const [what, disturb, why] of [
  ['429', (page) => road.refused(page, calls.status, 429, 'rate_limited', {}, soon), 'Try again in 7 seconds.'],
  ['500', (page) => road.refused(page, calls.status, 500, 'internal'), 'Something went wrong on our side.'],
] as [string, Disturb, string][]) {
  test(`undoing in the note that meets ${what} says so, and the ticket stays resolved`, async ({ customer }) => {
    const { page } = customer;
    await openTicket(page, demo.exitRule);
    await page.getByRole('button', { name: 'Mark as resolved' }).click();
    await expect(page.locator('.thread .gauge')).toContainText('Resolved');
    const event = await disturb(page);
    await page.locator('.toasts').getByRole('button', { name: 'Undo' }).click();
    await event.wasMet();
    await expect(toast(page, 'The ticket could not be reopened.')).toContainText(why);
    await expect(page.locator('.thread .gauge')).toContainText('Resolved');
  });
}

test('reopening that is refused with 429 says when to try again', async ({ customer }) => {
  const { page } = customer;
  await showTab(page, 'Resolved');
  await openTicket(page, demo.invoice);
  const refused = await road.refused(page, calls.status, 429, 'rate_limited', {}, soon);
  await page.getByRole('button', { name: 'Reopen' }).click();
  await refused.wasMet();
  await expect(toast(page, 'The ticket could not be reopened.')).toContainText('Try again in 7 seconds.');
  await expect(page.locator('.thread .gauge')).toContainText('Resolved');
});

test('the session ends before reopening: after signing in it can be done', async ({ customer }) => {
  const { page } = customer;
  await showTab(page, 'Resolved');
  await openTicket(page, demo.invoice);
  await endSession(page);
  await page.getByRole('button', { name: 'Reopen' }).click();
  await signInAgain(page);
  await page.getByRole('button', { name: 'Reopen' }).click();
  await expect(page.locator('.thread .gauge')).not.toContainText('Resolved');
});

test('the session ends before a picture comes: after signing in it can be loaded', async ({ customer }) => {
  const { page } = customer;
  const expired = await road.refused(page, calls.download, 401, 'session_expired');
  await tickets(page).filter({ hasText: demo.margin }).click();
  await expired.wasMet();
  await signInAgain(page);
  await page.getByText('The image could not be loaded.').locator('..').getByRole('button', { name: 'Try again' }).first().click();
  await expect(page.locator('button.picture img').first()).toBeVisible();
});

test('a slow printable view shows that it is coming, and a session that ends before it is asked for again', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/my-data');
  const slow = await road.slow(page, calls.export);
  await page.getByRole('button', { name: 'Open the printable view' }).click();
  await expect(page.locator('.print-view [aria-busy=true]')).toBeVisible();
  await slow.wasMet();
  await expect(page.locator('.print-ticket').first()).toBeVisible();
  await page.getByRole('button', { name: 'Back to My data' }).click();
  await endSession(page);
  await page.getByRole('button', { name: 'Open the printable view' }).click();
  await signInAgain(page);
  await page.getByRole('button', { name: /^(Try again|Open the printable view)$/ }).click();
  await expect(page.locator('.print-ticket').first()).toBeVisible();
});

for (const [what, answer] of [
  ['is slow', async (route) => { await new Promise((resolve) => setTimeout(resolve, 1_500)); await route.continue(); }],
  ['is refused once', async (route) => { await route.fulfill({ status: 503, body: '' }); }],
] as [string, (route: import('@playwright/test').Route) => Promise<void>][]) {
  test(`a language that ${what} comes in the end, and the page speaks one language meanwhile`, async ({ customer }) => {
    const { page } = customer;
    await page.goto('/settings');
    await page.route(/\/assets\/de-.*json/, answer, { times: 1 });
    const choice = page.locator('#language');
    await choice.selectOption('de');
    await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
    if (what === 'is refused once') {
      await expect(page.locator('.toasts')).toContainText('Deutsch could not be loaded.');
      await choice.selectOption('de');
    }
    await expect(page.getByRole('heading', { level: 1, name: 'Einstellungen' })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  });
}

test('a slow answer to signing in is waited for, and it is asked for once', async ({ visitor }) => {
  const { page } = visitor;
  await enrol(visitor, 'Ada Example');
  await signOut(page);
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
  const asked = counted(page, calls.session);
  const slow = await road.slow(page, calls.session, 2_000);
  await signIn(page);
  await slow.wasMet();
  await arriveAtList(page);
  expect(asked.happened).toBe(1);
});

test('signing in whose answer is lost says so, and works at the next try', async ({ visitor }) => {
  const { page } = visitor;
  await enrol(visitor, 'Ada Example');
  await signOut(page);
  const lost = await road.answerLost(page, calls.session);
  await signIn(page);
  await lost.wasMet();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await arriveAtList(page);
});

test('signing out with a token that has run out leaves nothing behind', async ({ customer }) => {
  const { page } = customer;
  const refused = await road.refused(page, calls.signOut, 401, 'session_expired');
  await signOut(page);
  await refused.wasMet();
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.getItem('raxx.session'))).toBeNull();
});

for (const [what, disturb] of [
  ['429', (page) => road.refused(page, calls.events, 429, 'rate_limited', {}, soon)],
  ['500', (page) => road.refused(page, calls.events, 500, 'internal')],
  ['something in between', (page) => road.broken(page, calls.events)],
] as [string, Disturb][]) {
  test(`a stream that meets ${what} is there again by itself`, async ({ customer }) => {
    const { page } = customer;
    const event = await disturb(page);
    await page.reload();
    await event.wasMet();
    await expect(page.getByRole('button', { name: /^Live · synced \d\d:\d\d/ })).toBeVisible({ timeout: 45_000 });
  });
}

test('a double press on “Check now” and on a picture does each once', async ({ customer }) => {
  const { page } = customer;
  await tickets(page).filter({ hasText: demo.margin }).click();
  const picture = page.locator('button.picture').first();
  await expect(picture.locator('img')).toBeVisible();
  await picture.dblclick();
  await expect(page.locator('dialog.lightbox[open]')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog.lightbox')).toHaveCount(0);
  await expect(picture).toBeFocused();
});

test('notices that cannot be had without a connection stand in nobody’s way', async ({ customer }) => {
  const { context, page } = customer;
  await page.getByRole('link', { name: 'New ticket' }).click();
  await expect(page.getByRole('textbox', { name: 'Subject' })).toBeEditable();
  await page.goBack();
  await arriveAtList(page);
  await road.cut(page, calls.notices);
  await context.setOffline(true);
  await page.getByRole('link', { name: 'New ticket' }).click();
  await expect(page.getByRole('textbox', { name: 'Subject' })).toBeEditable();
  await context.setOffline(false);
});
