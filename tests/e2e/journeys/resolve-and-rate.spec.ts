import type { Page } from '@playwright/test';
import { operator } from '../support/helpdesk';
import { email, endSession, expect, signInAgain, test, tickets } from '../support/journey';
import { demo, openTicket, showTab, tab, toast } from '../support/portal';
import { always, calls, counted, fate, road } from '../support/road';

test('a ticket is resolved in the customer’s words, undone, and reopened', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  const id = await operator.find(await email(page), demo.exitRule);
  await page.getByRole('button', { name: 'Mark as resolved' }).click();
  await expect(page.locator('.gauge')).toContainText('Resolved');
  await expect.poll(async () => (await operator.conversation(id)).status).toBe('closed');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('.gauge')).not.toContainText('Resolved');
  await expect.poll(async () => (await operator.conversation(id)).status).toBe('active');
  await page.getByRole('button', { name: 'Mark as resolved' }).click();
  await page.getByRole('button', { name: 'Reopen' }).click();
  await expect(toast(page, 'The ticket is open again.').last()).toBeVisible();
  await expect.poll(async () => (await operator.conversation(id)).status).toBe('active');
});

test('a resolved ticket leaves the open tab for the resolved one, and the counts follow', async ({ customer }) => {
  const { page } = customer;
  const count = async (name: string) => Number((await tab(page, name).locator('.tab-count').innerText()).trim());
  const [open, resolved] = [await count('Open'), await count('Resolved')];
  await openTicket(page, demo.prices);
  await page.getByRole('button', { name: 'Mark as resolved' }).click();
  await expect(page.locator('.gauge')).toContainText('Resolved');
  await page.goto('/tickets');
  await expect.poll(() => count('Open')).toBe(open - 1);
  await expect.poll(() => count('Resolved')).toBe(resolved + 1);
  await expect(tickets(page).filter({ hasText: demo.prices })).toHaveCount(0);
  await showTab(page, 'Resolved');
  await expect(tickets(page).filter({ hasText: demo.prices })).toHaveCount(1);
});

test('a double click resolves once', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  const changes = counted(page, calls.status);
  await road.slow(page, calls.status, 400);
  await page.getByRole('button', { name: 'Mark as resolved' }).dblclick();
  await expect(page.locator('.gauge')).toContainText('Resolved');
  expect(changes.happened).toBe(1);
});

for (const [what, disturb, why] of [
  ['refused with 500', (page) => road.refused(page, calls.status, 500, 'internal'), 'Something went wrong on our side.'],
  ['refused with 429', (page) => road.refused(page, calls.status, 429, 'rate_limited', {}, { 'retry-after': '5' }), 'Try again in 5 seconds.'],
  ['answered by something in between', (page) => road.broken(page, calls.status), 'We cannot reach our support desk right now.'],
  ['cut off', (page) => road.cut(page, calls.status), 'We could not reach Raxx Support.'],
] as [string, (page: Page) => ReturnType<typeof road.cut>, string][]) {
  test(`resolving that is ${what} says that the ticket is still open`, async ({ customer }) => {
    const { page } = customer;
    await openTicket(page, demo.exitRule);
    const event = await disturb(page);
    await page.getByRole('button', { name: 'Mark as resolved' }).click();
    await event.wasMet();
    const note = toast(page, 'The ticket could not be marked as resolved. It is still open.');
    await expect(note).toBeVisible();
    await expect(note).toContainText(why);
    await expect(page.locator('.gauge')).toContainText('Waiting for you');
    await page.getByRole('button', { name: 'Mark as resolved' }).click();
    await expect(page.locator('.gauge')).toContainText('Resolved');
  });
}

test('resolving without a connection says so and claims nothing of the ticket, and works with one', async ({ customer }) => {
  const { context, page } = customer;
  await openTicket(page, demo.exitRule);
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Mark as resolved' }).click();
  // Nobody can be asked what the ticket is now, so nothing is claimed of it.
  await expect(toast(page, 'We could not reach Raxx Support. Check your connection, then try again.')).toBeVisible();
  await expect(toast(page, /still open/)).toHaveCount(0);
  await expect(page.locator('.gauge')).toContainText('Waiting for you');
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Mark as resolved' }).click();
  await expect(page.locator('.gauge')).toContainText('Resolved');
});

test('the answer to resolving is lost: the page ends up telling the truth', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  const lost = await road.answerLost(page, calls.status);
  await page.getByRole('button', { name: 'Mark as resolved' }).click();
  await lost.wasMet();
  await expect(page.locator('.gauge')).toContainText('Resolved', { timeout: 30_000 });
  // The ticket was asked, and says that it was done.
  await expect(toast(page, 'Marked as resolved.')).toBeVisible();
  await expect(toast(page, /could not be marked/)).toHaveCount(0);
});

test('the answer to resolving is lost and the ticket cannot be asked: nothing is claimed of it', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  const lost = await road.answerLost(page, calls.status);
  const cut = await always(page, calls.read, fate.cut());
  await page.getByRole('button', { name: 'Mark as resolved' }).click();
  await lost.wasMet();
  await cut.wasMet();
  await expect(toast(page, 'We could not reach Raxx Support.')).toBeVisible();
  await expect(toast(page, /still open/)).toHaveCount(0);
  await cut.isOver();
  await page.getByRole('button', { name: /Check now$/ }).click();
  await expect(page.locator('.gauge')).toContainText('Resolved', { timeout: 30_000 });
});

for (const [what, disturb, why] of [
  ['refused with 500', (page) => road.refused(page, calls.status, 500, 'internal'), 'Something went wrong on our side.'],
  ['answered by something in between', (page) => road.broken(page, calls.status), 'We cannot reach our support desk right now.'],
  ['cut off', (page) => road.cut(page, calls.status), 'We could not reach Raxx Support.'],
] as [string, (page: Page) => ReturnType<typeof road.cut>, string][]) {
  test(`reopening that is ${what} says so, and works at the next try`, async ({ customer }) => {
    const { page } = customer;
    await openResolved(page);
    const event = await disturb(page);
    await page.getByRole('button', { name: 'Reopen' }).click();
    await event.wasMet();
    const note = toast(page, 'The ticket could not be reopened.');
    await expect(note).toBeVisible();
    await expect(note).toContainText(why);
    await expect(page.locator('.thread .gauge')).toContainText('Resolved');
    await page.getByRole('button', { name: 'Reopen' }).click();
    await expect(page.locator('.thread .gauge')).not.toContainText('Resolved');
  });
}

test('the answer to reopening is lost: the page says that the ticket is open again', async ({ customer }) => {
  const { page } = customer;
  await openResolved(page);
  const lost = await road.answerLost(page, calls.status);
  await page.getByRole('button', { name: 'Reopen' }).click();
  await lost.wasMet();
  await expect(toast(page, 'The ticket is open again.')).toBeVisible({ timeout: 30_000 });
  await expect(toast(page, /could not be reopened/)).toHaveCount(0);
  await expect(page.locator('.thread .gauge')).not.toContainText('Resolved');
});

test('reopening without a connection says so and claims nothing of the ticket, and works with one', async ({ customer }) => {
  const { context, page } = customer;
  await openResolved(page);
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Reopen' }).click();
  await expect(toast(page, 'We could not reach Raxx Support. Check your connection, then try again.')).toBeVisible();
  await expect(page.locator('.thread .gauge')).toContainText('Resolved');
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Reopen' }).click();
  await expect(page.locator('.thread .gauge')).not.toContainText('Resolved');
});

test('a double click reopens once', async ({ customer }) => {
  const { page } = customer;
  await openResolved(page);
  const changes = counted(page, calls.status);
  await road.slow(page, calls.status, 400);
  await page.getByRole('button', { name: 'Reopen' }).dblclick();
  await expect(page.locator('.thread .gauge')).not.toContainText('Resolved');
  expect(changes.happened).toBe(1);
});

test('undoing that is cut off says so, and the ticket can be reopened by its button', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  await page.getByRole('button', { name: 'Mark as resolved' }).click();
  await expect(page.locator('.thread .gauge')).toContainText('Resolved');
  const event = await road.cut(page, calls.status);
  await page.getByRole('button', { name: 'Undo' }).click();
  await event.wasMet();
  await expect(toast(page, 'The ticket could not be reopened.')).toBeVisible();
  await expect(page.locator('.thread .gauge')).toContainText('Resolved');
  await page.getByRole('button', { name: 'Reopen' }).click();
  await expect(page.locator('.thread .gauge')).not.toContainText('Resolved');
});

test('the session ends while resolving: after signing in it can be done', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  await endSession(page);
  await page.getByRole('button', { name: 'Mark as resolved' }).click();
  await signInAgain(page);
  await page.getByRole('button', { name: 'Mark as resolved' }).click();
  await expect(page.locator('.gauge')).toContainText('Resolved');
});

test('a resolved ticket is rated, and the rating can be changed', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/tickets?status=resolved');
  await openTicket(page, demo.invoice);
  const rating = page.getByRole('region', { name: 'How did we do?' });
  await expect(rating.getByRole('button', { name: 'Send rating' })).toHaveAttribute('aria-disabled', 'true');
  await rating.getByText('Great', { exact: true }).click();
  await rating.getByRole('textbox', { name: /What should we know\?/ }).fill('Quick and clear.');
  await rating.getByRole('button', { name: 'Send rating' }).click();
  await expect(rating).toContainText('Your rating: Great');
  await page.reload();
  await expect(rating).toContainText('Your rating: Great');
  await rating.getByRole('button', { name: 'Change' }).click();
  await expect(rating.getByRole('textbox')).toHaveValue('Quick and clear.');
  await rating.getByText('Okay', { exact: true }).click();
  await rating.getByRole('button', { name: 'Send rating' }).click();
  await expect(rating).toContainText('Your rating: Okay');
});

for (const [what, disturb] of [
  ['refused with 500', (page) => road.refused(page, calls.rate, 500, 'internal')],
  ['refused with 429', (page) => road.refused(page, calls.rate, 429, 'rate_limited', {}, { 'retry-after': '5' })],
  ['answered by something in between', (page) => road.broken(page, calls.rate)],
  ['cut off', (page) => road.cut(page, calls.rate)],
  ['carried out without an answer', (page) => road.answerLost(page, calls.rate)],
] as [string, (page: Page) => ReturnType<typeof road.cut>][]) {
  test(`a rating that is ${what} keeps what was filled in`, async ({ customer }) => {
    const { page } = customer;
    const rating = await fillRating(page);
    const event = await disturb(page);
    await rating.getByRole('button', { name: 'Send rating' }).click();
    await event.wasMet();
    await expect(toast(page, 'Your rating could not be saved.')).toBeVisible();
    await expect(rating.getByRole('textbox')).toHaveValue('It took long.');
    await rating.getByRole('button', { name: 'Send rating' }).click();
    await expect(rating).toContainText('Your rating: Not good');
  });
}

test('a rating takes its time, and a double click sends it once', async ({ customer }) => {
  const { page } = customer;
  const rating = await fillRating(page);
  const sent = counted(page, calls.rate);
  await road.slow(page, calls.rate, 400);
  await rating.getByRole('button', { name: 'Send rating' }).dblclick();
  await expect(rating).toContainText('Your rating: Not good');
  expect(sent.happened).toBe(1);
});

test('a rating without a connection keeps what was filled in, and goes with one', async ({ customer }) => {
  const { context, page } = customer;
  const rating = await fillRating(page);
  await context.setOffline(true);
  await rating.getByRole('button', { name: 'Send rating' }).click();
  await expect(toast(page, 'Your rating could not be saved.')).toBeVisible();
  await expect(rating.getByRole('textbox')).toHaveValue('It took long.');
  await context.setOffline(false);
  await rating.getByRole('button', { name: 'Send rating' }).click();
  await expect(rating).toContainText('Your rating: Not good');
});

test('the session ends while rating: what was filled in is there after signing in', async ({ customer }) => {
  const { page } = customer;
  const rating = await fillRating(page);
  await endSession(page);
  await rating.getByRole('button', { name: 'Send rating' }).click();
  await signInAgain(page);
  await expect(rating.getByRole('textbox')).toHaveValue('It took long.');
  await rating.getByRole('button', { name: 'Send rating' }).click();
  await expect(rating).toContainText('Your rating: Not good');
});

/** Opens the resolved ticket. */
async function openResolved(page: Page) {
  await page.goto('/tickets?status=resolved');
  await openTicket(page, demo.invoice);
}

/** A rating of the resolved ticket, filled in and not sent. */
async function fillRating(page: Page) {
  await page.goto('/tickets?status=resolved');
  await openTicket(page, demo.invoice);
  const rating = page.getByRole('region', { name: 'How did we do?' });
  await rating.getByText('Not good', { exact: true }).click();
  await rating.getByRole('textbox').fill('It took long.');
  return rating;
}
