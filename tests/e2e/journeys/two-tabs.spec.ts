import type { Page } from '@playwright/test';
import { arrivesOnce, operator } from '../support/helpdesk';
import { arriveAtList, email, endSession, expect, signOut, test } from '../support/journey';
import { arriveAtTicket, attach, attached, csv, demo, message, openTicket, reply, replyBox, sendButton, unique } from '../support/portal';
import { calls, road } from '../support/road';

/** Another tab of the same browser, at the same ticket. */
async function sameTicket(page: Page, subject: string): Promise<Page> {
  const tab = await page.context().newPage();
  await tab.goto(page.url());
  await arriveAtTicket(tab, subject);
  return tab;
}

test('a second tab needs no second sign-in', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  await sameTicket(page, demo.prices);
});

test('what one tab writes is in the other, and what one sends both show, once', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  const id = await operator.find(await email(page), demo.prices);
  const second = await sameTicket(page, demo.prices);
  const words = unique('From the first tab');
  await page.bringToFront();
  await replyBox(page).fill(words);
  await expect(replyBox(second)).toHaveValue(words);
  await sendButton(page).click();
  await expect(message(page, words)).toHaveCount(1);
  await expect(replyBox(second)).toHaveValue('');
  await expect(message(second, words)).toHaveCount(1, { timeout: 30_000 });
  await arrivesOnce(id, words);
  await expect(message(second, words)).toHaveCount(1);
});

test('the same draft sent from two tabs at once arrives once', async ({ customer }) => {
  const { context, page } = customer;
  await openTicket(page, demo.prices);
  const id = await operator.find(await email(page), demo.prices);
  const words = unique('From both tabs');
  await replyBox(page).fill(words);
  await expect(page.getByText(/^Saved/)).toBeVisible();
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(replyBox(second)).toHaveValue(words);
  await Promise.all([sendButton(page).click(), sendButton(second).click()]);
  await arrivesOnce(id, words);
  await expect(message(page, words)).toContainText('Delivered', { timeout: 30_000 });
  expect(await operator.count(id, words)).toBe(1);
});

test('two tabs that are written in at once lose nothing, and the customer chooses', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  const second = await sameTicket(page, demo.prices);
  const [one, other] = [unique('From the first'), unique('From the second')];
  await Promise.all([replyBox(page).fill(one), replyBox(second).fill(other)]);
  // Whichever was saved first is set aside by the other, in both tabs, and through a reload.
  const note = (tab: typeof page) => tab.getByRole('group', { name: 'Another tab has a different version of this draft.' });
  await expect(note(page)).toBeVisible();
  await expect(note(second)).toBeVisible();
  await page.reload();
  await arriveAtTicket(page, demo.prices);
  await expect(note(page)).toBeVisible();
  const here = await replyBox(page).inputValue();
  const [kept, aside] = here === one ? [one, other] : [other, one];
  await expect(replyBox(page)).toHaveValue(kept);
  await expect(note(page)).toContainText(aside);
  await note(page).getByRole('button', { name: 'Keep both' }).click();
  for (const tab of [page, second]) {
    await expect(replyBox(tab)).toHaveValue(`${kept}\n\n${aside}`);
    await expect(note(tab)).toHaveCount(0);
  }
});

for (const [moment, delay] of [['before', 0], ['after', 1_500]] as const) {
  test(`what is sent in one tab ${moment} the other has saved what follows takes no words away`, async ({ customer }) => {
    const { page } = customer;
    await openTicket(page, demo.prices);
    const id = await operator.find(await email(page), demo.prices);
    const second = await sameTicket(page, demo.prices);
    const words = unique('Sent');
    await replyBox(page).fill(words);
    await expect(replyBox(second)).toHaveValue(words);
    if (delay > 0) await road.slow(page, calls.reply, delay);
    // One after the other: written before the press, it would be in the first tab's box and be sent.
    await sendButton(page).click();
    await replyBox(second).fill(`${words} and unsent`);
    await expect(message(page, words)).toHaveCount(1);
    // What was sent is in neither box, or only as the beginning of what goes on from it.
    for (const tab of [page, second]) await expect(replyBox(tab)).toHaveValue(/and unsent$/);
    await expect(second.getByText(/^Saved/)).toBeVisible();
    await second.reload();
    await expect(replyBox(second)).toHaveValue(/and unsent$/);
    const note = (tab: typeof page) => tab.getByRole('group', { name: 'Another tab has a different version of this draft.' });
    for (const tab of [page, second]) await expect(note(tab)).toHaveCount(0);
    // What is left is a submission of its own.
    const rest = unique('and this goes');
    await reply(second, rest);
    await expect(message(second, rest)).toHaveCount(1);
    for (const tab of [page, second]) await expect(replyBox(tab)).toHaveValue('');
    await Promise.all([words, rest].map((each) => arrivesOnce(id, each)));
  });
}

test('a file that one tab attaches is in the other, and travels once', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  const id = await operator.find(await email(page), demo.prices);
  const second = await sameTicket(page, demo.prices);
  await attach(page, csv('shared.csv'));
  await expect(attached(page, 'shared.csv')).toContainText('Attached');
  await expect(attached(second, 'shared.csv')).toContainText('Attached');
  const words = unique('With a file');
  await reply(second, words);
  await expect(message(second, words)).toHaveCount(1);
  await expect(attached(page, 'shared.csv')).toHaveCount(0);
  await arrivesOnce(id, words);
  const { threads } = await operator.conversation(id);
  expect(threads.find((thread) => thread.body?.includes(words))?.attachments).toHaveLength(1);
});

test('resolving in one tab shows in the other', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  const second = await sameTicket(page, demo.exitRule);
  await second.getByRole('button', { name: 'Mark as resolved' }).click();
  await expect(second.locator('.gauge')).toContainText('Resolved');
  await expect(page.locator('.gauge')).toContainText('Resolved', { timeout: 30_000 });
});

test('signing out in one tab signs out in the other, and shows nothing of the customer any more', async ({ customer }) => {
  const { context, page } = customer;
  const second = await context.newPage();
  await second.goto('/tickets');
  await arriveAtList(second);
  await signOut(page);
  await expect(second.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
  await expect(second.getByText(demo.prices)).toHaveCount(0);
  expect(await second.evaluate(() => sessionStorage.length)).toBe(0);
});

test('an expired tab goes on when the other has signed in again', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  const second = await sameTicket(page, demo.prices);
  await page.bringToFront();
  await endSession(page);
  for (const tab of [page, second]) {
    await reply(tab, unique('Expired'));
    await expect(tab.getByRole('dialog', { name: 'Your session has ended.' })).toBeVisible();
  }
  await page.bringToFront();
  await page.getByRole('button', { name: 'Sign in again' }).click();
  for (const tab of [page, second]) await expect(tab.getByRole('dialog')).toHaveCount(0);
});

test('what is chosen in the settings of one tab is so in the other at once', async ({ customer }) => {
  const { context, page } = customer;
  const [second, list] = [await context.newPage(), await context.newPage()];
  await second.goto('/settings');
  await expect(second.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await list.goto('/tickets');
  await arriveAtList(list);
  await page.goto('/settings');
  await page.bringToFront();
  for (const theme of ['Light', 'Dark']) {
    await page.getByRole('radio', { name: theme }).check();
    for (const tab of [page, second, list]) await expect(tab.locator('html')).toHaveAttribute('data-theme', theme.toLowerCase());
    await expect(second.getByRole('radio', { name: theme })).toBeChecked();
  }
  await page.getByRole('radio', { name: 'Compact' }).check();
  for (const tab of [page, second, list]) await expect(tab.locator('html')).toHaveAttribute('data-density', 'compact');
  await page.getByRole('radio', { name: '24 hours' }).check();
  await expect(second.getByRole('radio', { name: '24 hours' })).toBeChecked();
  const language = page.locator('#language');
  await language.selectOption({ label: 'Deutsch' });
  for (const tab of [page, second, list]) await expect(tab.locator('html')).toHaveAttribute('lang', 'de');
  await expect(list.getByRole('heading', { level: 1, name: 'Ihre Anfragen' })).toBeVisible();
  await expect(second.locator('#language')).toHaveValue('de');
  // What is compiled in needs no file, and is followed as well.
  await language.selectOption({ label: 'English' });
  for (const tab of [page, second, list]) await expect(tab.locator('html')).toHaveAttribute('lang', 'en');
  await arriveAtList(list);
});
