import type { Page } from '@playwright/test';
import { arrivesOnce, operator } from '../support/helpdesk';
import { endSession, expect, signInAgain, test } from '../support/journey';
import { atTicket, attach, attached, csv, message, reply, replyBox, sendButton, toast, unique } from '../support/portal';
import { calls, counted, road, type Event } from '../support/road';

// Taking a reply back in the seconds before it leaves, and what can go wrong with that.

type Disturb = (page: Page) => Promise<Event>;

const undo = (page: Page, words: string) => message(page, words).getByRole('button', { name: 'Undo' });

test('a slow road: it is taken back once, however often it is pressed', async ({ customer }) => {
  const { page } = customer;
  const id = await atTicket(customer);
  const words = unique('Slow to take back');
  const withdrawals = counted(page, calls.withdraw);
  await road.slow(page, calls.withdraw, 800);
  await reply(page, words);
  await undo(page, words).dblclick();
  await expect(replyBox(page)).toHaveValue(words);
  expect(withdrawals.happened).toBe(1);
  expect(await operator.count(id, words)).toBe(0);
});

for (const [status, code] of [
  [409, 'in_progress'],
  [404, 'not_found'],
] as const) {
  test(`it has left (${status}): that is said, and the reply stays`, async ({ customer }) => {
    const { page } = customer;
    const id = await atTicket(customer);
    const words = unique('Too late');
    const refused = await road.refused(page, calls.withdraw, status, code);
    await reply(page, words);
    await undo(page, words).click();
    await refused.wasMet();
    await expect(toast(page, 'It has just left. It can no longer be taken back.')).toBeVisible();
    await expect(message(page, words)).toHaveCount(1);
    await expect(replyBox(page)).toHaveValue('');
    await arrivesOnce(id, words);
  });
}

test('it is refused with 500: that is said, it can be tried again, and the words come back', async ({ customer }) => {
  const { page } = customer;
  const id = await atTicket(customer);
  const words = unique('Back at the second try');
  const event = await road.refused(page, calls.withdraw, 500, 'internal');
  await reply(page, words);
  await undo(page, words).click();
  await event.wasMet();
  await expect(toast(page, 'Something went wrong on our side.')).toBeVisible();
  await undo(page, words).click();
  await expect(replyBox(page)).toHaveValue(words);
  await expect(message(page, words)).toHaveCount(0);
  expect(await operator.count(id, words)).toBe(0);
});

for (const [what, disturb] of [
  ['a connection that breaks', (page) => road.cut(page, calls.withdraw)],
  ['an answer that is lost', (page) => road.answerLost(page, calls.withdraw)],
  ['an answer of something in between', (page) => road.broken(page, calls.withdraw, 200)],
] as [string, Disturb][]) {
  test(`${what}: the words come back all the same`, async ({ customer }) => {
    const { page } = customer;
    const id = await atTicket(customer);
    const words = unique('Asked for twice');
    const event = await disturb(page);
    await reply(page, words);
    await undo(page, words).click();
    await event.wasMet();
    await expect(replyBox(page)).toHaveValue(words);
    await expect(message(page, words)).toHaveCount(0);
    expect(await operator.count(id, words)).toBe(0);
  });
}

test('after a reload the words and files come back too', async ({ customer }) => {
  const { page } = customer;
  await atTicket(customer);
  const words = unique('**Sent**, reloaded, regretted');
  await replyBox(page).fill(`${words}\n\n- one\n- two`);
  await attach(page, csv('regret.csv'));
  await expect(attached(page, 'regret.csv')).toContainText('Attached');
  await sendButton(page).click();
  await expect(message(page, 'reloaded, regretted')).toHaveCount(1);
  await page.reload();
  await undo(page, 'reloaded, regretted').click();
  await expect(replyBox(page)).toHaveValue(`${words}\n\n- one\n- two`);
  await expect(attached(page, 'regret.csv')).toContainText('Attached');
});

test('what was written meanwhile stays behind what comes back', async ({ customer }) => {
  const { page } = customer;
  await atTicket(customer);
  const words = unique('Taken back');
  await reply(page, words);
  await replyBox(page).fill('The next one');
  await undo(page, words).click();
  await expect(replyBox(page)).toHaveValue(`${words}\n\nThe next one`);
});

test('the session has ended: the dialog asks, and nothing is lost', async ({ customer }) => {
  const { page } = customer;
  const id = await atTicket(customer);
  const words = unique('Ended');
  await reply(page, words);
  await expect(message(page, words)).toHaveCount(1);
  await endSession(page);
  await undo(page, words).click();
  await signInAgain(page);
  await expect(message(page, words)).toHaveCount(1);
  await arrivesOnce(id, words);
});
