import { arriveAtList, expect, test, tickets } from '../support/journey';
import { expectAccessible } from '../support/axe';
import { notices, noticesInForm, published } from '../support/notices';
import { files, forms, openAccount, program } from '../support/parts';
import { arriveAtTicket, demo, message, openTicket, toast } from '../support/portal';
import { always, calls, fate, held } from '../support/road';

// What one meets while reading: what is still coming, what did not come, and what says so. In both themes, as every page.

const order = (page: import('@playwright/test').Page) => page.getByRole('combobox', { name: 'Sort by' });

test('the list, while it comes and when it does not', async ({ customer }) => {
  const { page } = customer;
  const letGo = await held(page, /\/support\/tickets\?(.*&)?sort=newest(&|$)/);
  // An order that was never shown: nothing remembered can stand in.
  await order(page).selectOption({ label: 'Newest ticket' });
  await expect(page.locator('.list-scroll .bone').first()).toBeVisible();
  await expectAccessible(page, 'skeleton of the list');
  letGo();
  await arriveAtList(page);

  const maintenance = await always(page, calls.list, fate.refused(503, 'maintenance'));
  await order(page).selectOption({ label: 'Oldest ticket' });
  await expect(page.getByRole('heading', { name: 'Support is being worked on.' })).toBeVisible();
  await expectAccessible(page, 'maintenance');
  await maintenance.isOver();

  const down = await always(page, calls.list, fate.refused(503, 'helpdesk_unavailable'));
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'We cannot reach our support desk right now.' })).toBeVisible();
  await expectAccessible(page, 'help desk down');
  await down.isOver();
});

test('the list from before, the list without any ticket, and notices above it', async ({ customer }) => {
  const { page } = customer;
  const stale = await always(page, calls.list, fate.changed((answer) => ({ ...answer, stale: true })));
  await page.reload();
  await arriveAtList(page);
  await expect(page.locator('.note.outdated')).toContainText('This is what we knew at');
  await expectAccessible(page, 'list that is stale');
  await stale.isOver();

  const counts = { received: 0, working: 0, waiting_for_you: 0, resolved: 0 };
  await always(page, calls.list, fate.changed((answer) => ({ ...answer, items: [], counts, next_cursor: undefined })));
  await published(page);
  await page.goto('/tickets?sort=oldest');
  await expect(page.getByRole('heading', { name: 'No tickets yet.' })).toBeVisible();
  await expect(notices(page)).toContainText('Fills arrive late');
  await expectAccessible(page, 'list of somebody who has no tickets, with notices');
  await page.goto('/tickets/new');
  await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeVisible();
  await expect(noticesInForm(page)).toContainText('We know, and are working on it.');
  await expectAccessible(page, 'notices in full');
});

test('a ticket that is missing, and one that does not come', async ({ customer }) => {
  const { page } = customer;
  const missing = await always(page, calls.read, fate.refused(404, 'not_found'));
  await tickets(page).filter({ hasText: demo.prices }).click();
  await expect(page.getByRole('heading', { name: 'We cannot find this ticket.' })).toBeVisible();
  await expectAccessible(page, 'ticket that is missing');
  await missing.isOver();
  await always(page, calls.read, fate.refused(500, 'internal'));
  await tickets(page).filter({ hasText: demo.exitRule }).click();
  await expect(page.getByRole('heading', { name: 'This ticket could not be loaded.' })).toBeVisible();
  await expectAccessible(page, 'ticket that failed');
});

test('a ticket with quotes, a table, and the people who take part', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.fills);
  const quote = message(page, 'one row is still missing').locator('details.quoted');
  await quote.getByText('Show quoted text').click();
  await expect(quote.getByText('we reloaded the day from your broker')).toBeVisible();
  await page.getByText('Details', { exact: true }).click();
  await expect(page.locator('details.details')).toContainText('taxes@whitfield.example');
  await expectAccessible(page, 'ticket with quotes and a table');
});

test('a ticket with what is new, what was not sent, a picture that did not come, and a note that it is not up to date', async ({ customer }) => {
  const { page } = customer;
  type Message = { author: { kind: string }; sent_at: string; delivery: object };
  await always(
    page,
    calls.read,
    fate.changed((ticket: { messages: Message[] }) => {
      const first = ticket.messages.findIndex(({ author }) => author.kind === 'you');
      const failed = { state: 'failed', reason: 'file_rejected' };
      const messages = ticket.messages.map((each, index) => (index === first ? { ...each, delivery: failed } : each));
      return { ...ticket, messages, read_up_to: ticket.messages[0].sent_at, stale: true };
    }),
  );
  await openTicket(page, demo.exitRule);
  await expect(page.locator('.new-divider')).toBeAttached();
  await expect(page.locator('.delivery[data-state=failed]')).toBeAttached();
  await expect(page.locator('.thread .note.outdated')).toBeAttached();
  await expectAccessible(page, 'ticket with a divider and a failed message');
  await always(page, calls.download, fate.refused(500, 'internal'));
  await page.goto('/tickets');
  await openTicket(page, demo.margin);
  await expect(page.getByText('The image could not be loaded.').first()).toBeVisible();
  await expectAccessible(page, 'picture that failed');
  await page.goto('/tickets');
  await openTicket(page, demo.exitRule);
  await page.getByRole('button', { name: /^Download rule_log/ }).click();
  await expect(toast(page, /could not be downloaded/)).toBeVisible();
  await expectAccessible(page, 'toast about a failure');
});

test('a reload, before the program is there', async ({ customer }) => {
  const { page, watch } = customer;
  // The program that would use them is held back for as long as the look is examined.
  watch.expected.push(/preloaded using link preload but not used/);
  const look = page.locator('#app[aria-busy]');
  for (const [what, arrive] of [
    ['list', () => arriveAtList(page)],
    ['ticket', () => arriveAtTicket(page, demo.exitRule)],
  ] as const) {
    const letGo = await held(page, program);
    await page.reload();
    await expect(look).toBeVisible();
    await expectAccessible(page, `the look of the ${what}`);
    letGo();
    await arrive();
    await page.unroute(program);
    if (what === 'list') await openTicket(page, demo.exitRule);
  }
});

test('a page that did not load, and a form that did not', async ({ customer }) => {
  const { page } = customer;
  await page.route(files('settings'), (route) => route.abort('connectionreset'));
  await openAccount(page, 'Settings');
  await expect(page.getByRole('heading', { level: 1, name: 'This page did not load.' })).toBeVisible();
  await expectAccessible(page, 'part that was lost');
  await page.unroute(files('settings'));
  await page.goto('/tickets');
  await arriveAtList(page);
  await page.route(forms, (route) => route.abort('connectionreset'));
  await openTicket(page, demo.prices);
  await expect(page.getByRole('main').getByText('This form did not load.')).toBeVisible();
  await expectAccessible(page, 'form that was lost');
});

for (const [what, choose, language] of [
  ['in compact density', { role: 'radio', name: 'Compact' }, 'en'],
  ['in German', { role: 'combobox', name: 'Language' }, 'de'],
] as const) {
  test(`every page ${what}`, async ({ customer }) => {
    const { page } = customer;
    await page.goto('/settings');
    const setting = page.getByRole(choose.role, { name: choose.name });
    await (choose.role === 'radio' ? setting.check() : setting.selectOption({ label: 'Deutsch' }));
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await expectAccessible(page, `settings ${what}`);
    await page.goto('/tickets');
    await expect(page.locator('.rows a').first()).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await expectAccessible(page, `list ${what}`);
    await page.locator('.rows a').filter({ hasText: demo.exitRule }).click();
    await expect(page.locator('#reply-body')).toBeVisible();
    await expectAccessible(page, `ticket ${what}`);
    await page.goto('/tickets/new');
    await expect(page.locator('#topic')).toBeVisible();
    await expectAccessible(page, `new ticket ${what}`);
    await page.goto('/my-data');
    await expect(page.locator('.my-data h1')).toBeVisible();
    await expectAccessible(page, `my data ${what}`);
  });
}
