import type { Page } from '@playwright/test';
import { endSession, enrol, expect, signInAgain, signOut, test, tickets, token, type Visitor } from '../support/journey';
import { openAccount } from '../support/parts';
import { demo, fillTicket, openTicket, released, replyBox, toast, unique } from '../support/portal';
import { calls, counted, road, type Event } from '../support/road';

// What the portal asks for by itself, without a press: a longer session, a newer version, tickets that look the same. Whatever that meets
// is nothing that a customer hears of, unless it is about them.

type Disturb = (page: Page) => Promise<Event>;
const soon = { 'retry-after': '7' };

/** Each of the ways in which a call goes wrong. */
const faults = (call: (typeof calls)[keyof typeof calls]): [string, Disturb][] => [
  ['is slow', (page) => road.slow(page, call, 2_500)],
  ['is refused with 429', (page) => road.refused(page, call, 429, 'rate_limited', {}, soon)],
  ['is refused with 500', (page) => road.refused(page, call, 500, 'internal')],
  ['is answered by something in between', (page) => road.broken(page, call)],
  ['is cut off', (page) => road.cut(page, call)],
  ['is carried out without an answer', (page) => road.answerLost(page, call)],
];

/** Nothing is said, nothing is in the way, and what was being written is there. */
async function goesOn(page: Page, words: string): Promise<void> {
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.locator('.toast, .note.failed, .note.outdated')).toHaveCount(0);
  await expect(replyBox(page)).toHaveValue(words);
}

test.describe('a session that is used in its second hour', () => {
  /** Somebody who has been writing for more than an hour. */
  async function atWork(visitor: Visitor): Promise<string> {
    const { page } = visitor;
    await page.clock.install();
    await enrol(visitor, 'Ada Example');
    await openTicket(page, demo.prices);
    const before = await token(page);
    await page.clock.fastForward('01:05:00');
    await replyBox(page).fill('Still here');
    return before;
  }

  /** Somebody touches a key, and half a minute later the portal looks whether it has to do something. */
  async function goOn(page: Page): Promise<void> {
    await replyBox(page).press('End');
    await page.clock.fastForward('00:31');
  }

  const isRenewed = (page: Page, before: string) => expect.poll(() => token(page), 'there is a new token').not.toBe(before);

  for (const [what, disturb] of faults(calls.renew)) {
    test(`its renewal ${what}: nobody notices, and it comes`, async ({ visitor }) => {
      const { page } = visitor;
      const before = await atWork(visitor);
      const event = await disturb(page);
      await goOn(page);
      await event.wasMet();
      await goOn(page);
      await isRenewed(page, before);
      await goesOn(page, 'Still here');
    });
  }

  test('its renewal waits for a connection', async ({ visitor }) => {
    const { context, page } = visitor;
    const before = await atWork(visitor);
    await context.setOffline(true);
    await goOn(page);
    await expect(page.locator('.banner.offline')).toBeVisible();
    expect(await token(page)).toBe(before);
    await context.setOffline(false);
    await goOn(page);
    await isRenewed(page, before);
    await goesOn(page, 'Still here');
  });

  test('its renewal is refused because it has ended: the customer is asked, and every word stays', async ({ visitor }) => {
    const { page } = visitor;
    await atWork(visitor);
    await endSession(page);
    const renewals = counted(page, calls.renew);
    await goOn(page);
    await expect(page.getByRole('dialog', { name: 'Your session has ended.' })).toBeVisible();
    await signInAgain(page);
    await expect(replyBox(page)).toHaveValue('Still here');
    expect(renewals.happened).toBeLessThanOrEqual(1);
  });

  test('whoever signs out while it is renewed stays signed out', async ({ visitor }) => {
    const { page } = visitor;
    await atWork(visitor);
    await replyBox(page).fill('');
    const slow = await road.slow(page, calls.renew, 2_500);
    await goOn(page);
    await slow.wasMet();
    await signOut(page);
    const sure = page.getByRole('dialog').getByRole('button', { name: /^Sign out/ });
    await expect(page.getByRole('button', { name: 'Sign in with a passkey' }).or(sure)).toBeVisible();
    if (await sure.isVisible()) await sure.click();
    await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
    await page.waitForTimeout(3_000);
    expect(await page.evaluate(() => sessionStorage.getItem('raxx.session'))).toBeNull();
    await expect(tickets(page)).toHaveCount(0);
  });
});

test.describe('looking for a newer version', () => {
  const offer = (page: Page) => page.getByRole('status').filter({ hasText: 'A new version is ready.' });

  for (const [what, disturb] of faults(calls.newestPage)) {
    test(`the page that it asks for ${what}: nothing is offered, and the next look finds it`, async ({ visitor }) => {
      const { page } = visitor;
      await page.clock.install();
      await enrol(visitor, 'Ada Example');
      await openTicket(page, demo.prices);
      await replyBox(page).fill('Not finished');
      const event = await disturb(page);
      await page.clock.fastForward('00:10:01');
      await event.wasMet();
      await goesOn(page, 'Not finished');
      await expect(offer(page)).toHaveCount(0);
      await released(page);
      await page.clock.fastForward('00:10:01');
      await expect(offer(page)).toBeVisible();
      await goesOn(page, 'Not finished');
    });
  }

  test('without a connection nothing is offered, and a look with one finds it', async ({ visitor }) => {
    const { context, page } = visitor;
    await page.clock.install();
    await enrol(visitor, 'Ada Example');
    await context.setOffline(true);
    await page.clock.fastForward('00:10:01');
    await expect(page.locator('.banner.offline')).toBeVisible();
    await expect(offer(page)).toHaveCount(0);
    await context.setOffline(false);
    await released(page);
    await page.clock.fastForward('00:10:01');
    await expect(offer(page)).toBeVisible();
  });

  test('whoever says later is not asked again at once, and one who reloads twice at once reloads', async ({ visitor }) => {
    const { page } = visitor;
    await page.clock.install();
    await enrol(visitor, 'Ada Example');
    const event = await released(page);
    await page.clock.fastForward('00:10:01');
    await offer(page).getByRole('button', { name: 'Later' }).click();
    await expect(offer(page)).toHaveCount(0);
    await page.clock.fastForward('00:10:01');
    await expect(offer(page)).toBeVisible();
    await event.isOver();
    await offer(page).getByRole('button', { name: 'Reload now' }).dblclick();
    await expect(tickets(page).first()).toBeVisible();
    await expect(offer(page)).toHaveCount(0);
  });
});

test.describe('looking for a ticket that looks the same', () => {
  const hint = (page: Page) => page.getByRole('status').filter({ hasText: 'You may have asked this already.' });
  /** The list shows none that looks the same, so that it has to be asked for. */
  async function begin(page: Page): Promise<void> {
    await page.goto('/tickets?status=resolved');
    await expect(tickets(page).first()).toBeVisible();
  }

  for (const [what, disturb] of faults(calls.similar)) {
    test(`the list that it asks for ${what}: the ticket is written and sent all the same`, async ({ customer }) => {
      const { page } = customer;
      await begin(page);
      const event = await disturb(page);
      await page.getByRole('link', { name: 'New ticket' }).click();
      await event.wasMet();
      const subject = unique('My exit rule fired twice again');
      await fillTicket(page, subject, 'Every word of this.');
      await expect(page.getByRole('dialog')).toHaveCount(0);
      await expect(page.locator('.toast, .note.failed')).toHaveCount(0);
      await page.getByRole('button', { name: 'Send ticket' }).click();
      await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible();
    });
  }

  test('a slow answer is a hint when it is there', async ({ customer }) => {
    const { page } = customer;
    await begin(page);
    const slow = await road.slow(page, calls.similar, 2_500);
    await page.getByRole('link', { name: 'New ticket' }).click();
    await page.getByRole('textbox', { name: 'Subject' }).fill('My exit rule fired twice again');
    await slow.wasMet();
    await expect(hint(page)).toContainText(demo.exitRule);
    await hint(page).getByRole('link', { name: /^Open #\d+/ }).dblclick();
    await expect(page.getByRole('heading', { level: 1, name: demo.exitRule })).toBeVisible();
  });

  test('without a connection there is none, and with one there is', async ({ customer }) => {
    const { context, page } = customer;
    await page.getByRole('link', { name: 'New ticket' }).click();
    await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeVisible();
    await begin(page);
    await openAccount(page, 'Settings');
    await context.setOffline(true);
    await page.getByRole('link', { name: 'New ticket' }).click();
    await page.getByRole('textbox', { name: 'Subject' }).fill('My exit rule fired twice again');
    await page.waitForTimeout(1_000);
    await expect(page.getByText('Please fill this in.')).toHaveCount(0);
    await context.setOffline(false);
    await expect(hint(page)).toContainText(demo.exitRule);
  });

  test('the session has ended: after signing in, what was typed is there', async ({ customer }) => {
    const { page } = customer;
    await begin(page);
    await endSession(page);
    await page.getByRole('link', { name: 'New ticket' }).click();
    await signInAgain(page);
    if (!/\/new$/.test(page.url())) await page.getByRole('link', { name: 'New ticket' }).click();
    await page.getByRole('textbox', { name: 'Subject' }).fill('My exit rule fired twice again');
    await expect(hint(page)).toContainText(demo.exitRule);
    await expect(toast(page, /failed/)).toHaveCount(0);
  });
});

