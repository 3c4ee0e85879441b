import { readFileSync } from 'node:fs';
import { operator } from '../support/helpdesk';
import { email, endSession, expect, signInAgain, test } from '../support/journey';
import { arriveAtTicket, demo, downloadBy, message, messages, openTicket, toast } from '../support/portal';
import { always, calls, counted, fate, road } from '../support/road';

test('a thread shows rich text, days and people, and nothing internal', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  const answer = message(page, 'thank you for the log');
  await expect(answer).toContainText('Maya');
  await expect(answer.locator('strong')).toHaveText(/two price updates 491\s+ms apart/);
  await expect(answer.locator('pre')).toContainText('14:31:07.903 pnl=0.511 -> CLOSE');
  await expect(answer.locator('ol > li')).toHaveCount(3);
  const link = answer.getByRole('link', { name: /guide/ });
  await expect(link).toHaveAttribute('href', 'https://raxx.app/docs/exit-rules?from=ticket');
  await expect(link).toHaveAttribute('rel', /noopener/);
  await expect(messages(page)).toHaveCount(3);
  await expect(page.getByRole('region', { name: 'Messages' }).locator('.day')).not.toHaveCount(0);
  const text = await page.locator('body').innerText();
  for (const internal of ['INTERNAL', 'incident 212', 'assigned to', 'Jonas', 'vip-watch', 'Whitfield.example']) expect(text).not.toContain(internal);
});

test('an older mail is quoted below an answer, folded', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.fills);
  const mail = message(page, 'one row is still missing');
  const quote = mail.locator('details.quoted');
  await expect(quote).not.toHaveAttribute('open');
  await expect(quote.getByText('we reloaded the day from your broker')).toBeHidden();
  // Paper cannot be unfolded.
  await page.emulateMedia({ media: 'print' });
  await expect(quote.getByText('we reloaded the day from your broker')).toBeVisible();
  await page.emulateMedia({ media: 'screen' });
  await expect(quote.getByText('we reloaded the day from your broker')).toBeHidden();
  await quote.getByText('Show quoted text').click();
  await expect(quote.getByText('we reloaded the day from your broker')).toBeVisible();
});

test('on paper, quoted text is unfolded', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.fills);
  const quoted = message(page, 'one row is still missing').locator('details.quoted').getByText('we reloaded the day from your broker');
  await expect(quoted).toBeHidden();
  await page.emulateMedia({ media: 'print' });
  await expect(quoted).toBeVisible();
  await expect(page.getByRole('button', { name: 'Mark as resolved' })).toBeHidden();
  await page.emulateMedia({ media: 'screen' });
  await expect(quoted).toBeHidden();
});

test('on paper, a thread without its beginning says so', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.rollOver);
  await page.emulateMedia({ media: 'print' });
  const older = page.getByText('Show older messages');
  await expect(older).toBeVisible();
  await page.emulateMedia({ media: 'screen' });
  await older.click();
  await expect(messages(page)).toHaveCount(60);
  await page.emulateMedia({ media: 'print' });
  await expect(older).toHaveCount(0);
});

test('a file is downloaded through us, with its own name and bytes', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  const download = await downloadBy(page.getByRole('button', { name: /^Download rule_log/ }));
  expect(download.suggestedFilename()).toMatch(/^rule.log.*\.txt$/);
  expect(readFileSync(await download.path(), 'utf8')).toContain('exit');
});

for (const [what, disturb, why] of [
  ['refused', (page) => road.refused(page, calls.download, 404, 'not_found'), 'We could not find that.'],
  ['broken', (page) => road.broken(page, calls.download), 'We cannot reach our support desk right now.'],
  ['cut off', (page) => road.cut(page, calls.download), 'We could not reach Raxx Support.'],
] as [string, (page: import('@playwright/test').Page) => ReturnType<typeof road.cut>, string][]) {
  test(`a download that is ${what} says so and why, and works at the next try`, async ({ customer }) => {
    const { page } = customer;
    await openTicket(page, demo.exitRule);
    const event = await disturb(page);
    const file = page.getByRole('button', { name: /^Download rule_log/ });
    await file.click();
    await event.wasMet();
    const note = toast(page, /could not be downloaded/);
    await expect(note).toBeVisible();
    await expect(note).toContainText(why);
    await downloadBy(file);
  });
}

test('a slow download is one, however often it is pressed', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  const event = await road.slow(page, calls.download);
  const asked = counted(page, calls.download);
  const arriving = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Download rule_log/ }).dblclick();
  await event.wasMet();
  await expect(page.getByRole('button', { name: /^Download rule_log/ })).toHaveAttribute('aria-busy', 'true');
  await arriving;
  expect(asked.happened).toBe(1);
});

test('offline, a download says so, and works when there is a connection again', async ({ customer }) => {
  const { context, page } = customer;
  await openTicket(page, demo.exitRule);
  const file = page.getByRole('button', { name: /^Download rule_log/ });
  await context.setOffline(true);
  await file.click();
  await expect(toast(page, /could not be downloaded/)).toBeVisible();
  await context.setOffline(false);
  await downloadBy(file);
});

test('the session ends before a download: it can be had after signing in again', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  await endSession(page);
  const file = page.getByRole('button', { name: /^Download rule_log/ });
  await file.click();
  await signInAgain(page);
  await downloadBy(file);
});

test('a picture is shown in the text and in full, and the keyboard leads out of it', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.margin);
  const picture = message(page, 'Is it this number?').getByRole('button', { name: /^Open the image/ });
  await picture.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('img')).toBeVisible();
  expect(await dialog.getByRole('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  expect(await dialog.getByRole('img').getAttribute('src')).toMatch(/^blob:/);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(picture).toBeFocused();
});

test('a link to a message leads to it', async ({ customer }) => {
  const { context, page } = customer;
  await openTicket(page, demo.exitRule);
  await message(page, 'thank you for the log').getByRole('link', { name: /^Link to this message/ }).click();
  await expect(page).toHaveURL(/#ms_/);
  // No page of ours may read the clipboard; a customer pastes.
  await page.getByRole('textbox', { name: 'Your reply' }).focus();
  await page.keyboard.press('Control+V');
  const link = page.url();
  await expect(page.getByRole('textbox', { name: 'Your reply' })).toHaveValue(link);
  const other = await context.newPage();
  await other.goto(link);
  await expect(message(other, 'thank you for the log')).toBeInViewport();
  await expect(other.locator(`[id="${new URL(link).hash.slice(1)}"]`)).toBeFocused();
});

test('copying says for everybody to see whether it worked', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  const answer = message(page, 'thank you for the log');
  await answer.getByRole('button', { name: 'Copy code' }).click();
  await expect(toast(page, 'Copied.')).toBeVisible();
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('Not here.', 'NotAllowedError'));
  });
  const refused = toast(page, 'Your browser did not allow copying.');
  await answer.getByRole('button', { name: 'Copy code' }).click();
  await expect(refused).toBeVisible();
  await expect(refused).toHaveCount(0, { timeout: 30_000 });
  await answer.getByRole('link', { name: /^Link to this message/ }).click();
  await expect(refused).toBeVisible();
});

test('older messages of a long thread are loaded on demand, in order, each once', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.rollOver);
  await expect(messages(page)).toHaveCount(50);
  await page.getByRole('button', { name: 'Show older messages' }).click();
  await expect(messages(page)).toHaveCount(60);
  await expect(page.getByRole('button', { name: 'Show older messages' })).toHaveCount(0);
  await expect(messages(page).first()).toContainText('Can we go through my roll-over settings');
  await expect(messages(page).last()).toContainText('That was the last one.');
});

test('a thread of a thousand messages opens, pages back to its beginning, and stays usable', async ({ customer }) => {
  test.slow();
  const { page } = customer;
  await operator.seed(await email(page), { messages: 1_000 });
  const subject = 'Margin display drifts from the broker’s, readings every five minutes'.replace('’', "'");
  await expect(async () => {
    await page.goto('/tickets?q=readings');
    await page.getByRole('link', { name: new RegExp('readings every five minutes') }).click({ timeout: 3_000 });
  }).toPass({ timeout: 30_000 });
  await arriveAtTicket(page, subject);
  const older = page.getByRole('button', { name: 'Show older messages' });
  for (let shown = 100; shown <= 1_000; shown += 50) {
    await older.click();
    await expect(messages(page)).toHaveCount(shown);
  }
  await expect(older).toHaveCount(0);
  await expect(messages(page).first()).toContainText('Reading 1:');
  // A key press is answered within a tenth of a second, with all of them on the page.
  const box = page.getByRole('textbox', { name: 'Your reply' });
  await box.click();
  const delay = await box.evaluate(async (element) => {
    const start = performance.now();
    (element as HTMLTextAreaElement).value = 'x';
    element.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - start;
  });
  expect(delay).toBeLessThan(400);
});

test('the head says where the ticket stands, who moves next, and who takes part', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.fills);
  await expect(page.locator('.gauge')).toContainText('Working');
  await expect(page.locator('.gauge')).toContainText('we move next');
  await page.getByText('Details', { exact: true }).click();
  await expect(page.locator('details.details')).toContainText('taxes@whitfield.example');
});

test('a ticket that could not be delivered says so and why, and becomes a new one with its words', async ({ customer }) => {
  const { page } = customer;
  const delivery = { state: 'failed', reason: 'too_large' };
  await always(
    page,
    calls.read,
    fate.changed((ticket: { messages: object[] }) => {
      const messages = ticket.messages.map((each, index) => (index === 0 ? { ...each, delivery } : each));
      return { ...ticket, number: undefined, messages, delivery };
    }),
  );
  await openTicket(page, demo.prices);
  const head = page.locator('.thread-head');
  await expect(head.locator('.note')).toContainText('Not sent: it is too large');
  await expect(head.locator('.number')).toHaveText('Not delivered');
  await expect(head).not.toContainText('on its way');
  const first = page.locator('li.message .rich-text').first();
  const words = (await first.locator('p').first().innerText()).trim();
  await head.getByRole('button', { name: 'Write it again' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'New ticket' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue(demo.prices);
  await expect.poll(() => page.getByRole('textbox', { name: 'Message' }).inputValue()).toContain(words);
});

for (const [what, disturb, words] of [
  ['500', (page) => road.refused(page, calls.read, 500, 'internal'), 'This ticket could not be loaded.'],
  ['404', (page) => road.refused(page, calls.read, 404, 'not_found'), 'We cannot find this ticket.'],
  ['a page of something in between', (page) => road.broken(page, calls.read, 500), 'This ticket could not be loaded.'],
  ['a connection that breaks', (page) => road.cut(page, calls.read), 'This ticket could not be loaded.'],
] as [string, (page: import('@playwright/test').Page) => ReturnType<typeof road.cut>, string][]) {
  test(`a ticket that meets ${what} says so`, async ({ customer }) => {
    const { page } = customer;
    const event = await disturb(page);
    await page.getByRole('link', { name: demo.prices }).click();
    await event.wasMet();
    await expect(page.getByRole('heading', { name: words })).toBeVisible();
  });
}

test('a slow ticket shows its skeleton, and then itself', async ({ customer }) => {
  const { page } = customer;
  const slow = await road.slow(page, calls.read);
  await page.getByRole('link', { name: demo.prices }).click();
  await expect(page.locator('.ticket-pane .bone').first()).toBeVisible();
  await slow.wasMet();
  await arriveAtTicket(page, demo.prices);
});

test('offline, a ticket that was read before can be read again', async ({ customer }) => {
  const { context, page } = customer;
  await openTicket(page, demo.exitRule);
  await page.goBack();
  await context.setOffline(true);
  await openTicket(page, demo.exitRule);
  await expect(message(page, 'thank you for the log')).toBeVisible();
});

test('the session ends while a ticket is open: the page stays, and goes on after signing in', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  await endSession(page);
  await page.getByRole('button', { name: /Check now$/ }).click();
  await expect(page.getByRole('dialog', { name: 'Your session has ended.' })).toBeVisible();
  await expect(message(page, 'thank you for the log')).toBeAttached();
  await signInAgain(page);
  await expect(page.getByRole('heading', { level: 1, name: demo.exitRule })).toBeVisible();
});
