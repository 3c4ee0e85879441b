import type { Page } from '@playwright/test';
import { forgetSeen } from '../support/database';
import { arrivesOnce, operator } from '../support/helpdesk';
import { arriveAtList, email, endSession, expect, signInAgain, test, tickets } from '../support/journey';
import { arriveAtTicket, attach, attached, atTicket, csv, demo, message, messages, openTicket, reply, replyBox, toast, unique } from '../support/portal';
import { calls, counted, road } from '../support/road';

// What can go wrong where no other journey lets it: loading a ticket and trying again, taking a reply back, the topics, the view for
// paper, taking a file away, noting what was read, news, and a language.

type Disturb = (page: Page) => ReturnType<typeof road.cut>;

for (const [what, disturb, title, words] of [
  ['429', (page) => road.refused(page, calls.read, 429, 'rate_limited', {}, { 'retry-after': '7' }), 'This ticket could not be loaded.', 'Try again in 7 seconds.'],
  ['500', (page) => road.refused(page, calls.read, 500, 'internal'), 'This ticket could not be loaded.', 'Something went wrong on our side.'],
  ['maintenance', (page) => road.refused(page, calls.read, 503, 'maintenance'), 'Support is being worked on.', 'It will be back soon.'],
  ['a desk that is down', (page) => road.refused(page, calls.read, 503, 'helpdesk_unavailable'), 'We cannot reach our support desk right now.', 'Nothing is lost.'],
  ['a connection that breaks', (page) => road.cut(page, calls.read), 'This ticket could not be loaded.', 'We could not reach Raxx Support.'],
] as [string, Disturb, string, string][]) {
  test(`a ticket that meets ${what} says why, and loads when it is asked for again`, async ({ customer }) => {
    const { page } = customer;
    const event = await disturb(page);
    await tickets(page).filter({ hasText: demo.prices }).click();
    await event.wasMet();
    const pane = page.locator('.ticket-pane');
    await expect(pane.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await expect(pane).toContainText(words);
    await pane.getByRole('button', { name: 'Try again' }).click();
    await arriveAtTicket(page, demo.prices);
  });
}

test('offline, a ticket that was never read says so, and loads when there is a connection again', async ({ customer }) => {
  const { context, page } = customer;
  // The page of a ticket is there; this ticket is not.
  await openTicket(page, demo.exitRule);
  await page.goBack();
  await arriveAtList(page);
  await context.setOffline(true);
  await tickets(page).filter({ hasText: demo.prices }).click();
  const pane = page.locator('.ticket-pane');
  await expect(pane.getByRole('heading', { level: 1, name: 'This ticket could not be loaded.' })).toBeVisible();
  await context.setOffline(false);
  await expect(page.locator('.banner.offline')).toHaveCount(0);
  await pane.getByRole('button', { name: 'Try again' }).click();
  await arriveAtTicket(page, demo.prices);
});

test('taking a reply back that is refused with 429 says when to try again, and the reply arrives once', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  const id = await operator.find(await email(page), demo.prices);
  const words = unique('Too fast to take back');
  await reply(page, words);
  const refused = await road.refused(page, calls.withdraw, 429, 'rate_limited', {}, { 'retry-after': '7' });
  await message(page, words).getByRole('button', { name: 'Undo' }).click();
  await refused.wasMet();
  await expect(toast(page, 'That was a lot at once. Try again in 7 seconds.')).toBeVisible();
  await expect(message(page, words)).toHaveCount(1);
  await arrivesOnce(id, words);
});

test('taking a reply back without a connection says so, and the reply arrives once', async ({ customer }) => {
  const { context, page } = customer;
  await openTicket(page, demo.prices);
  const id = await operator.find(await email(page), demo.prices);
  const words = unique('No way back');
  await reply(page, words);
  const undo = message(page, words).getByRole('button', { name: 'Undo' });
  await expect(undo).toBeVisible();
  await context.setOffline(true);
  await undo.click();
  await expect(toast(page, 'We could not reach Raxx Support. Check your connection, then try again.')).toBeVisible();
  await expect(message(page, words)).toHaveCount(1);
  await context.setOffline(false);
  await arrivesOnce(id, words);
  await expect(message(page, words)).toHaveCount(1);
});

test('topics that are slow keep nobody from writing, and take no words when they come', async ({ customer }) => {
  const { page } = customer;
  const slow = await road.slow(page, calls.topics, 3_000);
  await page.getByRole('link', { name: 'New ticket' }).first().click();
  const subject = page.getByRole('textbox', { name: 'Subject' });
  await subject.fill('Before the topics');
  await page.getByRole('textbox', { name: 'Message' }).fill('And these words, too.');
  await slow.wasMet();
  await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeVisible();
  await expect(subject).toHaveValue('Before the topics');
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('And these words, too.');
});

test('offline, topics that were never there keep nobody from writing', async ({ customer }) => {
  const { context, page } = customer;
  // The page of a new ticket is there; the topics are forgotten.
  await page.getByRole('link', { name: 'New ticket' }).first().click();
  await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeVisible();
  await page.goBack();
  await arriveAtList(page);
  await forgetSeen(page);
  await context.setOffline(true);
  await page.getByRole('link', { name: 'New ticket' }).first().click();
  await expect(page.getByText('The topics could not be loaded. You can write to us without one.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Subject' }).fill('From the train');
  await page.getByRole('textbox', { name: 'Message' }).fill('Without a topic.');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send when online' })).toBeEnabled();
  await context.setOffline(false);
});

for (const [what, disturb, title, words] of [
  ['refused with 429', (page) => road.refused(page, calls.export, 429, 'rate_limited', {}, { 'retry-after': '7' }), 'Your data could not be prepared.', 'Try again in 7 seconds.'],
  ['refused with 500', (page) => road.refused(page, calls.export, 500, 'internal'), 'Your data could not be prepared.', 'Something went wrong on our side.'],
  ['answered by something in between', (page) => road.broken(page, calls.export), 'We cannot reach our support desk right now.', 'Nothing is lost.'],
  ['cut off', (page) => road.cut(page, calls.export), 'Your data could not be prepared.', 'We could not reach Raxx Support.'],
] as [string, Disturb, string, string][]) {
  test(`a printable view that is ${what} says so, and comes at the next try`, async ({ customer }) => {
    const { page } = customer;
    await page.goto('/my-data');
    const event = await disturb(page);
    await page.getByRole('button', { name: 'Open the printable view' }).click();
    await event.wasMet();
    await expect(page.getByRole('heading', { name: title })).toBeVisible();
    await expect(page.getByRole('main')).toContainText(words);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.locator('.print-ticket').first()).toBeVisible();
  });
}

test('a printable view without a connection says so, and comes with one', async ({ customer }) => {
  const { context, page } = customer;
  await page.goto('/my-data');
  const open = page.getByRole('button', { name: 'Open the printable view' });
  await expect(open).toBeVisible();
  await context.setOffline(true);
  await open.click();
  await expect(page.getByRole('heading', { name: 'Your data could not be prepared.' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('We could not reach Raxx Support.');
  await context.setOffline(false);
  await expect(page.locator('.banner.offline')).toHaveCount(0);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.locator('.print-ticket').first()).toBeVisible();
});

for (const [what, disturb] of [
  ['a slow road', (page) => road.slow(page, calls.discard, 2_000)],
  ['something in between', (page) => road.broken(page, calls.discard)],
] as [string, Disturb][]) {
  test(`a file that is taken away is away at once, also when that meets ${what}`, async ({ customer }) => {
    const { page } = customer;
    await openTicket(page, demo.prices);
    await attach(page, csv());
    await expect(attached(page, 'fills.csv')).toContainText('Attached');
    const event = await disturb(page);
    await page.getByRole('button', { name: 'Remove fills.csv' }).click();
    await expect(attached(page, 'fills.csv')).toHaveCount(0);
    await event.wasMet();
    await expect(page.locator('.toast')).toHaveCount(0);
  });
}

test('a file is taken away without a connection, and is not sent with the message', async ({ customer }) => {
  const { context, page } = customer;
  const id = await atTicket(customer);
  await attach(page, csv());
  await expect(attached(page, 'fills.csv')).toContainText('Attached');
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Remove fills.csv' }).click();
  await expect(attached(page, 'fills.csv')).toHaveCount(0);
  await context.setOffline(false);
  const words = unique('Without the file');
  await reply(page, words);
  await arrivesOnce(id, words);
  const { threads } = await operator.conversation(id);
  expect(threads.find((thread) => thread.body?.includes(words))?.attachments).toEqual([]);
});

test('the session ends before a file is taken away: it is away, and stays so after signing in', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  await attach(page, csv());
  await expect(attached(page, 'fills.csv')).toContainText('Attached');
  await endSession(page);
  await page.getByRole('button', { name: 'Remove fills.csv' }).click();
  await signInAgain(page);
  const remove = page.getByRole('button', { name: 'Remove fills.csv' });
  if (await remove.count()) await remove.click();
  await expect(attached(page, 'fills.csv')).toHaveCount(0);
});

for (const [what, disturb] of [
  ['a slow road', (page) => road.slow(page, calls.marker, 2_000)],
  ['something in between', (page) => road.broken(page, calls.marker)],
  ['an answer that is lost', (page) => road.answerLost(page, calls.marker)],
] as [string, Disturb][]) {
  test(`a ticket is read in peace when noting that meets ${what}`, async ({ customer }) => {
    const { page } = customer;
    const event = await disturb(page);
    await openTicket(page, demo.exitRule);
    await event.wasMet();
    await replyBox(page).fill('Read it');
    await expect(page.locator('.toast, .note.outdated, .note.failed')).toHaveCount(0);
  });
}

test('the session ends before it is noted what was read: the thread stays, and it is noted after signing in', async ({ customer }) => {
  const { page } = customer;
  const ended = await road.refused(page, calls.marker, 401, 'session_expired');
  await tickets(page).filter({ hasText: demo.exitRule }).click();
  await ended.wasMet();
  await signInAgain(page);
  await expect(messages(page).first()).toBeVisible();
  await page.goto('/tickets');
  await openTicket(page, demo.exitRule);
  await expect(tickets(page).filter({ hasText: demo.exitRule })).not.toContainText('Unread');
});

test('a double click on a ticket opens it once: one way back leads to the list', async ({ customer }) => {
  const { page } = customer;
  const reads = counted(page, calls.read);
  await tickets(page).filter({ hasText: demo.prices }).dblclick();
  await arriveAtTicket(page, demo.prices);
  await page.waitForTimeout(500);
  expect(reads.happened).toBe(1);
  await page.goBack();
  await arriveAtList(page);
});

test('a language without a connection leaves everything as it was, and comes with one', async ({ customer }) => {
  const { context, page } = customer;
  await page.goto('/settings');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await context.setOffline(true);
  await page.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Deutsch' });
  await expect(page.locator('.toasts')).toContainText('Deutsch could not be loaded.');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await context.setOffline(false);
  await page.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Deutsch' });
  await expect(page.getByRole('heading', { level: 1, name: 'Einstellungen' })).toBeVisible();
});

test('without a connection there is no stream, and with one there is', async ({ customer }) => {
  const { context, page } = customer;
  const live = page.getByRole('button', { name: /^Live · synced \d\d:\d\d/ });
  await expect(live).toBeVisible();
  await context.setOffline(true);
  await expect(live).toHaveCount(0, { timeout: 30_000 });
  await context.setOffline(false);
  await expect(live).toBeVisible({ timeout: 45_000 });
});

test('a stream that is slow to come is waited for, and news come meanwhile', async ({ customer }) => {
  const { page } = customer;
  const slow = await road.slow(page, calls.events, 6_000);
  await page.reload();
  await slow.wasMet();
  await expect(tickets(page).first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Live · synced \d\d:\d\d/ })).toBeVisible({ timeout: 45_000 });
});

test('the session ends while news are listened to: the page asks, and listens again', async ({ customer }) => {
  const { page } = customer;
  const refused = await road.refused(page, calls.events, 401, 'session_expired');
  await page.reload();
  await refused.wasMet();
  await signInAgain(page);
  await expect(page.getByRole('button', { name: /^Live · synced \d\d:\d\d/ })).toBeVisible({ timeout: 45_000 });
});
