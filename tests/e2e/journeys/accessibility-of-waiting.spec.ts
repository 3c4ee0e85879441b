import { endSession, enrol, expect, test, tickets } from '../support/journey';
import { expectAccessible } from '../support/axe';
import { comeAsNew } from '../support/database';
import { attach, csv, demo, fillTicket, openTicket, replyBox, showTab } from '../support/portal';
import { always, calls, fate, held, road } from '../support/road';

// What stands on a page while something comes, did not come, or waits. In both themes, as every page.

for (const [page_, address] of [
  ['list', '/tickets'],
  ['new ticket', '/tickets/new'],
  ['settings', '/settings'],
  ['my data', '/my-data'],
] as const) {
  test(`the skeleton of ${page_}`, async ({ customer }) => {
    const { page, watch } = customer;
    watch.expected.push(/preloaded using link preload but not used/);
    await comeAsNew(page);
    const letParts = await held(page, /\/assets\/part-/);
    const letAnswers = await held(page, /\/api\/v1\/support\/(tickets|topics|export)/);
    await page.goto(address);
    await expect(page.locator('.bone').first()).toBeVisible();
    await expectAccessible(page, `the skeleton of ${page_}`);
    letParts();
    letAnswers();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });
}

test('a list that is older than it says, its tabs when they are empty, and more of it', async ({ customer }) => {
  const { page } = customer;
  const refused = await always(page, calls.list, fate.refused(500, 'internal'));
  await page.getByRole('button', { name: /Check now$/ }).click();
  await expect(page.locator('.note.outdated')).toBeVisible();
  await expectAccessible(page, 'a list that could not be checked');
  await refused.isOver();
  for (const [name, answer] of [
    ['Resolved', { received: 1, working: 0, waiting_for_you: 0, resolved: 0 }],
    ['Waiting for you', { received: 1, working: 0, waiting_for_you: 0, resolved: 0 }],
    ['Waiting for you', { received: 0, working: 0, waiting_for_you: 0, resolved: 2 }],
    ['All', { received: 0, working: 0, waiting_for_you: 0, resolved: 0 }],
  ] as const) {
    const empty = await always(page, calls.list, fate.changed((list: object) => ({ ...list, items: [], counts: answer, next_cursor: undefined })));
    await showTab(page, 'Open');
    await showTab(page, name);
    await expect(page.locator('.list-pane .empty-state')).toBeVisible();
    await expectAccessible(page, `the tab ${name} without tickets`);
    await empty.isOver();
  }
});

test('a stream that is not to be had', async ({ customer }) => {
  const { page } = customer;
  const refused = await always(page, calls.events, fate.cut());
  await page.reload();
  await refused.wasMet();
  await expect(page.getByRole('button', { name: /^Checking regularly/ })).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page, 'news by asking');
});

test('a new ticket that is sent, fails, waits, and comes back', async ({ customer }) => {
  const { page } = customer;
  await page.getByRole('link', { name: 'New ticket' }).click();
  await fillTicket(page, 'On its way', 'Words.', 'Billing');
  await road.refused(page, calls.create, 500, 'internal');
  await page.getByRole('button', { name: 'Send ticket' }).click();
  await expect(page.locator('.note.failed')).toBeVisible();
  await expectAccessible(page, 'a new ticket that failed');
  await attach(page, { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) });
  await expect(page.locator('.file.failed')).toBeVisible();
  await expectAccessible(page, 'a file that cannot be taken');
  await page.getByRole('button', { name: 'Remove empty.txt' }).click();
  await road.refused(page, calls.upload, 500, 'internal');
  await attach(page, csv());
  await expect(page.locator('.file').getByRole('button', { name: 'Try again fills.csv' })).toBeVisible();
  await expectAccessible(page, 'a file that did not arrive');
  await page.getByRole('button', { name: 'Remove fills.csv' }).click();
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue('On its way');
  await expectAccessible(page, 'a draft that is back');
  const letGo = await held(page, /\/support\/tickets$/);
  await page.getByRole('button', { name: 'Send ticket' }).click();
  await expect(page.getByRole('img', { name: 'Bandz carries an envelope off.' })).toBeVisible();
  await expectAccessible(page, 'a new ticket on its way');
  letGo();
  await expect(page.getByText('The first answer will appear here.')).toBeVisible();
  await expectAccessible(page, 'a ticket that nobody has answered');
});

test('topics that did not come', async ({ customer }) => {
  const { page } = customer;
  await road.cut(page, calls.topics);
  await page.getByRole('link', { name: 'New ticket' }).click();
  await expect(page.getByText('The topics could not be loaded.')).toBeVisible();
  await expectAccessible(page, 'a form without topics');
});

test('a reply that waits for signing in, and messages that wait for a form that is closed', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  await replyBox(page).fill('After signing in');
  await endSession(page);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Your session has ended.' })).toBeVisible();
  await expectAccessible(page, 'a session that has ended, with words that wait');
});

test('messages that wait although there is a connection', async ({ customer }) => {
  const { context, page } = customer;
  await openTicket(page, demo.prices);
  await context.setOffline(true);
  await replyBox(page).fill('Later');
  await page.getByRole('button', { name: 'Send when online' }).click();
  await page.getByRole('link', { name: 'All tickets' }).or(page.getByRole('link', { name: 'Raxx Support, your tickets' })).first().click();
  await expect(page.getByText('1 message waits')).toBeVisible();
  await expectAccessible(page, 'a message that waits for a connection');
  await always(page, calls.reply, fate.refused(500, 'internal'));
  await context.setOffline(false);
  await expect(page.locator('.banner').getByText('1 message could not be sent yet.')).toBeVisible({ timeout: 20_000 });
  await expectAccessible(page, 'a message that could not be sent yet');
});

test('a ticket that is not delivered yet, one that takes no replies, and an answer that came meanwhile', async ({ customer }) => {
  const { page } = customer;
  type Ticket = { delivery: object; can: object };
  const queued = await always(page, calls.read, fate.changed((ticket: Ticket) => ({ ...ticket, delivery: { state: 'sending' } })));
  await openTicket(page, demo.prices);
  await expect(page.getByText('This ticket is on its way.')).toBeVisible();
  await expectAccessible(page, 'a ticket on its way');
  await queued.isOver();
  const failed = await always(page, calls.read, fate.changed((ticket: Ticket) => ({ ...ticket, delivery: { state: 'failed', reason: 'invalid' }, can: { reply: false, resolve: false, reopen: false, rate: false } })));
  await page.reload();
  await expect(page.locator('.thread-head .note.failed')).toBeVisible();
  await expectAccessible(page, 'a ticket that was not delivered');
  await failed.isOver();
});

test('my data while it comes, when it is there, and when it does not come', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/my-data');
  await road.slow(page, calls.export, 6_000);
  await page.getByRole('button', { name: 'Download as JSON' }).click();
  await expect(page.getByText('Preparing your data')).toBeVisible();
  await expectAccessible(page, 'a download that is being made');
  await expect(page.getByRole('main').getByText(/^Your download is ready/)).toBeVisible();
  await expectAccessible(page, 'a download that is there');
  await road.refused(page, calls.export, 500, 'internal');
  await page.getByRole('button', { name: 'Open the printable view' }).click();
  await expect(page.getByRole('heading', { name: 'Your data could not be prepared.' })).toBeVisible();
  await expectAccessible(page, 'a printable view that did not come');
});

test('signing in that is refused, and the portal that does not come', async ({ visitor }) => {
  const { page } = visitor;
  await page.route(/\/assets\/portal-[^/]*\.wasm$/, (route) => route.abort('connectionreset'));
  await page.goto('/');
  await page.getByRole('button', { name: 'Create a demo passkey' }).click();
  await expect(page.getByRole('heading', { name: 'You are signed in, but your tickets did not load.' })).toBeVisible();
  await expectAccessible(page, 'signed in without a portal');
  await page.unroute(/\/assets\/portal-[^/]*\.wasm$/);
});

test('signing in that is asked for too often', async ({ visitor }) => {
  const { page } = visitor;
  await enrol(visitor, 'Ada Example');
  await page.getByRole('button', { name: /^Your account/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await road.refused(page, calls.challenge, 429, 'rate_limited', {}, { 'retry-after': '60' });
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await expectAccessible(page, 'signing in too often');
});

test('a language that did not come', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/settings');
  await page.route(/\/assets\/de-.*json/, (route) => route.abort());
  await page.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Deutsch' });
  await expect(page.locator('.toasts')).toContainText('Deutsch could not be loaded.');
  await expectAccessible(page, 'a language that did not come');
});

test('a picture on its way', async ({ customer }) => {
  const { page } = customer;
  const letGo = await held(page, /\/attachments\//);
  await tickets(page).filter({ hasText: demo.margin }).click();
  await expect(page.getByRole('img', { name: 'Loading the image' }).first()).toBeVisible();
  await expectAccessible(page, 'a picture on its way');
  letGo();
});
