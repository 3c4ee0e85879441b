import type { Page } from '@playwright/test';
import { comeAsNew } from '../../tests/e2e/support/database';
import { operator } from '../../tests/e2e/support/helpdesk';
import { email, endSession, enrol, expect, signInAgain, test, tickets } from '../../tests/e2e/support/journey';
import { arriveAtTicket, attach, csv, demo, fillTicket, longList, moreTickets, openTicket, png, released, replyBox, showTab } from '../../tests/e2e/support/portal';
import { always, calls, fate, held } from '../../tests/e2e/support/road';
import { arriveAtRows, dismissToasts, picture, sizes, themes } from './picture';

// Every page and state, in both themes, on a phone, a tablet and a desk. All pictures go to `target/screens`; those that the README
// shows are copied here.

/** What customers should know, as the team would say it. */
const notices = {
  items: [
    { id: 'nt_00000000000000000000000001', kind: 'incident', title: 'Fills are shown late', body: 'Orders are carried out. What you see of them is some minutes old.', since: new Date(Date.now() - 3_600_000).toISOString() },
    { id: 'nt_00000000000000000000000002', kind: 'hours', title: 'Closed on Thanksgiving', body: 'We answer again on Friday.', since: new Date(Date.now() - 86_400_000).toISOString() },
  ],
};

for (const [size, viewport] of Object.entries(sizes)) {
  for (const theme of themes) {
    test.describe(`${size}, ${theme}`, () => {
      test.use({ setting: { viewport, colorScheme: theme, hasTouch: size === 'phone' } });
      const shot = (page: Page, name: string) => picture(page, `${name}-${size}-${theme}`);
      const coming = (page: Page, name: string) => picture(page, `${name}-${size}-${theme}`, true);

      test('signing in', async ({ visitor: { page, authenticator } }) => {
        await page.goto('/sign-in');
        await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
        await shot(page, 'sign-in');
        await authenticator.accept(false);
        await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
        await expect(page.locator('.passkey-form .note.failed')).toBeVisible();
        await shot(page, 'sign-in-refused');
      });

      test('reading', async ({ customer }) => {
        const { page } = customer;
        await shot(page, 'list');
        await showTab(page, 'Resolved');
        await arriveAtRows(page);
        await shot(page, 'list-resolved');
        await page.evaluate(() => {
          history.pushState(null, '', '/nowhere/at/all');
          window.dispatchEvent(new PopStateEvent('popstate'));
        });
        await expect(page.getByRole('heading', { level: 1, name: 'There is nothing here.' })).toBeVisible();
        await shot(page, 'not-found');
        await page.goto('/tickets?q=zeppelin');
        await expect(page.locator('.empty-state').first()).toBeVisible();
        await shot(page, 'nothing-found');
        await page.goto('/tickets');
        await openTicket(page, demo.exitRule);
        await shot(page, 'thread');
        const letGo = await held(page, /\/assets\/portal-[0-9a-f]{12}\.wasm$/);
        await page.reload();
        await expect(page.locator('#app[aria-busy]')).toBeVisible();
        await shot(page, 'thread-reloaded');
        letGo();
        await arriveAtTicket(page, demo.exitRule);
        await page.goto('/tickets?status=all');
        await openTicket(page, demo.fills);
        await shot(page, 'thread-quotes');
        await page.goto('/tickets?status=all');
        await openTicket(page, demo.margin);
        await expect(page.locator('.picture img').first()).toBeVisible();
        await shot(page, 'thread-picture');
        await page.locator('.picture').first().click();
        await expect(page.getByRole('dialog')).toBeVisible();
        await shot(page, 'lightbox');
        await page.keyboard.press('Escape');
        await page.goto('/tickets?status=all');
        await openTicket(page, demo.invoice);
        await shot(page, 'thread-resolved');
        await page.getByText('Great', { exact: true }).click();
        await page.getByRole('button', { name: 'Send rating' }).click();
        await expect(page.getByText('Your rating: Great')).toBeVisible();
        await dismissToasts(page);
        await shot(page, 'rating-given');
      });

      test('too much, and nothing', async ({ customer }) => {
        const { page } = customer;
        const address = await email(page);
        await openTicket(page, demo.rollOver);
        await shot(page, 'thread-long');
        await longList(page);
        await moreTickets(page).scrollIntoViewIfNeeded();
        await shot(page, 'list-overfull');
        for (const ticket of await operator.of(address)) await operator.setStatus(ticket.id, 'closed');
        await page.goto('/tickets');
        await expect(page.getByRole('heading', { name: 'No open tickets.' })).toBeVisible({ timeout: 60_000 });
        await shot(page, 'list-empty');
      });

      test('writing', async ({ customer }) => {
        const { page } = customer;
        await page.goto('/tickets/new');
        await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeVisible();
        await shot(page, 'new-ticket-empty');
        await page.getByRole('button', { name: 'Send ticket' }).click();
        await expect(page.locator('.field-error').first()).toBeVisible();
        await shot(page, 'new-ticket-errors');
        await fillTicket(page, 'The exit rule fired again', 'It happened **again** at 10:31:\n\n- SPY iron condor\n- exit at 50 %');
        await attach(page, csv(), png());
        await expect(page.locator('.file')).toHaveCount(2);
        await attach(page, { name: 'everything-of-this-year.zip', mimeType: 'application/zip', buffer: Buffer.alloc(0) });
        await expect(page.locator('.file')).toHaveCount(3);
        await shot(page, 'new-ticket');
        await page.getByRole('button', { name: 'Remove everything-of-this-year.zip' }).click();
        await page.getByRole('combobox', { name: 'What is it about?' }).selectOption('');
        const letGo = await held(page, /\/support\/tickets$/);
        await page.getByRole('button', { name: 'Send ticket' }).click();
        await page.getByRole('img', { name: 'Bandz carries an envelope off.' }).scrollIntoViewIfNeeded();
        await page.waitForTimeout(800);
        await shot(page, 'new-ticket-sending');
        letGo();
        await expect(page.getByText('The first answer will appear here.')).toBeVisible();
        await shot(page, 'ticket-sent');
        await page.goto('/tickets?status=all');
        await openTicket(page, demo.exitRule);
        await replyBox(page).fill('It is still working there. Cancelling it now, the report follows.\n\n- order `10:33`');
        await attach(page, csv('fill-report.csv'));
        await expect(page.locator('.file')).toHaveCount(1);
        await shot(page, 'reply');
        await replyBox(page).press('Control+Enter');
        await expect(page.locator('.delivery[data-state="queued"]')).toBeVisible();
        await shot(page, 'reply-leaving');
      });

      test('pages on their way', async ({ customer }) => {
        const { page, watch } = customer;
        watch.expected.push(/preloaded using link preload but not used/);
        await openTicket(page, demo.exitRule);
        const ticket = new URL(page.url()).pathname;
        await comeAsNew(page);
        const letParts = await held(page, /\/assets\/part-/);
        for (const [name, address] of [
          ['ticket', ticket],
          ['new-ticket', '/tickets/new'],
          ['settings', '/settings'],
          ['my-data', '/my-data'],
        ]) {
          await page.goto(address);
          await expect(page.locator('main .bone').first()).toBeVisible();
          await coming(page, `${name}-coming`);
        }
        letParts();
      });

      test('messages that wait on, and a newer version', async ({ visitor }) => {
        const { page, context } = visitor;
        await page.clock.install();
        await enrol(visitor, 'Ada Example');
        await openTicket(page, demo.prices);
        await context.setOffline(true);
        await replyBox(page).fill('Later');
        await page.getByRole('button', { name: 'Send when online' }).click();
        await expect(page.locator('.note.held')).toBeVisible();
        await page.getByRole('link', { name: 'Raxx Support, your tickets' }).click();
        await always(page, calls.reply, fate.refused(500, 'internal'));
        await context.setOffline(false);
        await expect(page.locator('.banner').getByText('could not be sent yet.')).toBeVisible({ timeout: 20_000 });
        await shot(page, 'messages-wait');
        await released(page);
        await page.clock.fastForward('00:10:01');
        await expect(page.locator('.banner.update')).toBeVisible();
        await shot(page, 'newer-version');
      });

      test('settings and my data', async ({ customer }) => {
        const { page } = customer;
        await page.getByRole('button', { name: /^Your account/ }).click();
        await shot(page, 'account-menu');
        await page.goto('/settings');
        await shot(page, 'settings');
        await page.goto('/my-data');
        await shot(page, 'my-data');
        await page.goto('/settings');
        await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
        await expect(page.getByRole('heading', { level: 1, name: 'Einstellungen' })).toBeVisible();
        await dismissToasts(page);
        await shot(page, 'german-settings');
        await page.goto('/tickets');
        await expect(page.locator('.rows').first()).toBeVisible();
        await shot(page, 'german-list');
        await tickets(page).first().or(page.locator('.rows a').first()).first().click();
        await expect(page.locator('.message').first()).toBeVisible();
        await shot(page, 'german');
      });

      test('what goes wrong', async ({ customer }) => {
        const { page, context } = customer;
        await openTicket(page, demo.exitRule);
        await context.setOffline(true);
        await expect(page.locator('.banner.offline')).toBeVisible();
        await shot(page, 'offline');
        await context.setOffline(false);
        const refuse = (status: number, code: string) =>
          page.route('**/api/v1/support/tickets*', (route) =>
            route.fulfill({
              status,
              contentType: 'application/problem+json',
              body: JSON.stringify({ type: `urn:raxx:support:problem:${code}`, title: 'x', status, code, reference: 'r_7KQ2M9XW' }),
            }),
          );
        await expect(page.locator('.banner.offline')).toHaveCount(0);
        await endSession(page);
        await page.getByRole('button', { name: /Check now$/ }).click();
        await expect(page.getByRole('dialog', { name: 'Your session has ended.' })).toBeVisible();
        await shot(page, 'expired');
        await signInAgain(page);
        await refuse(503, 'helpdesk_unavailable');
        await page.goto('/tickets?sort=oldest');
        await expect(page.locator('.empty-state').first()).toBeVisible();
        await shot(page, 'desk-down');
        await page.unroute('**/api/v1/support/tickets*');
        await refuse(500, 'internal');
        await page.goto('/tickets?sort=newest');
        await expect(page.locator('.empty-state').first()).toBeVisible();
        await shot(page, 'broken');
        await page.unroute('**/api/v1/support/tickets*');
        await page.goto('/tickets/tk_00000000000000000000000000');
        await shot(page, 'ticket-missing');
      });

      test('what comes, waits and asks', async ({ customer }) => {
        const { page, context } = customer;
        await always(page, calls.notices, (route) => route.fulfill({ json: notices }));
        const slow = await held(page, /\/support\/tickets\?/);
        await page.goto('/tickets?sort=oldest');
        await expect(page.locator('.list-scroll .bone').first()).toBeVisible();
        await coming(page, 'list-coming');
        slow();
        await page.goto('/tickets/new');
        await expect(page.locator('.ticket-pane .notice').first()).toBeVisible();
        await page.getByRole('textbox', { name: 'Subject' }).fill('Exit rule fired twice, again');
        await expect(page.locator('.duplicate')).toBeVisible();
        await shot(page, 'new-ticket-hints');
        await page.getByRole('button', { name: 'Discard draft' }).click();
        await expect(page.locator('dialog[open]')).toBeVisible();
        await shot(page, 'question');
        await page.locator('dialog').getByRole('button', { name: 'Discard' }).click();
        await page.goto('/tickets?status=all');
        await openTicket(page, demo.exitRule);
        await context.setOffline(true);
        await replyBox(page).fill('From the train');
        await page.getByRole('button', { name: 'Send when online' }).click();
        await expect(page.locator('.note.held')).toBeVisible();
        await shot(page, 'reply-held');
        await page.locator('.note.held').getByRole('button', { name: 'Cancel' }).click();
        await page.getByRole('button', { name: 'Discard' }).click();
        await expect(page.locator('.toast')).toBeVisible();
        await shot(page, 'note-with-undo');
        await context.setOffline(false);
        await expect(page.locator('.banner.offline')).toHaveCount(0);
        await page.goto('/my-data');
        await page.getByRole('button', { name: 'Open the printable view' }).click();
        await expect(page.locator('.print-ticket').first()).toBeVisible();
        await shot(page, 'printable');
        const nothing = await always(page, calls.list, fate.changed((list: object) => ({ ...list, items: [], counts: { received: 0, working: 0, waiting_for_you: 0, resolved: 0 }, next_cursor: undefined })));
        await page.goto('/tickets?sort=newest');
        await expect(page.getByRole('heading', { name: 'No tickets yet.' })).toBeVisible();
        await shot(page, 'list-first');
        await nothing.isOver();
        await always(page, calls.list, fate.refused(503, 'maintenance'));
        await page.goto('/tickets?sort=oldest&status=all');
        await expect(page.getByRole('heading', { name: 'Support is being worked on.' })).toBeVisible();
        await shot(page, 'maintenance');
        await page.route(/\/assets\/part-([a-z_]+\.)*settings/, (route) => route.abort('connectionreset'));
        await page.getByRole('button', { name: /^Your account/ }).click();
        await page.getByRole('link', { name: 'Settings', exact: true }).click();
        await expect(page.getByRole('heading', { name: 'This page did not load.' })).toBeVisible();
        await shot(page, 'page-lost');
      });
    });
  }
}
