import { readFileSync } from 'node:fs';
import { endSession, expect, signInAgain, test } from '../support/journey';
import { demo, downloadBy, fillTicket, openTicket } from '../support/portal';
import { always, calls, counted, fate, road } from '../support/road';

test('everything that is the customer’s can be downloaded, and nothing else is in it', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/my-data');
  const download = await downloadBy(page.getByRole('button', { name: 'Download as JSON' }));
  expect(download.suggestedFilename()).toMatch(/^raxx-support-\d{4}-\d\d-\d\d\.json$/);
  const text = readFileSync(await download.path(), 'utf8');
  const data = JSON.parse(text);
  const subjects = data.tickets.map((ticket: { subject: string }) => ticket.subject);
  expect(subjects).toContain(demo.prices);
  expect(subjects).toContain(demo.invoice);
  expect(subjects).not.toContain('Test, please ignore');
  for (const internal of [/INTERNAL/, /freescout/i, /vip-watch/, /escalate to/, /Draft, not sent yet/, /Handle with care/, /fileUrl/]) expect(text).not.toMatch(internal);
  await expect(page.getByText(/^Your download is ready: raxx-support-/).first()).toBeVisible();
});

for (const [what, disturb] of [
  ['refused with 500', (page) => road.refused(page, calls.export, 500, 'internal')],
  ['refused with 429', (page) => road.refused(page, calls.export, 429, 'rate_limited', {}, { 'retry-after': '1' })],
  ['answered by something in between', (page) => road.broken(page, calls.export)],
  ['cut off', (page) => road.cut(page, calls.export)],
] as [string, (page: import('@playwright/test').Page) => ReturnType<typeof road.cut>][]) {
  test(`an export that is ${what} says so and works at the next try`, async ({ customer }) => {
    const { page } = customer;
    await page.goto('/my-data');
    const event = await disturb(page);
    await page.getByRole('button', { name: 'Download as JSON' }).click();
    await event.wasMet();
    await expect(page.locator('.note.failed')).toContainText('Your data could not be prepared.');
    await downloadBy(page.getByRole('button', { name: 'Download as JSON' }));
  });
}

test('a slow export says that it is being prepared, and a double click makes one', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/my-data');
  const event = await road.slow(page, calls.export);
  const made = counted(page, calls.export);
  const arriving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download as JSON' }).dblclick();
  await event.wasMet();
  await expect(page.locator('button[aria-busy=true]')).toHaveCount(1);
  await arriving;
  await expect(page.locator('button[aria-busy=true]')).toHaveCount(0);
  expect(made.happened).toBe(1);
});

test('offline, an export says so and works when there is a connection again', async ({ customer }) => {
  const { context, page } = customer;
  await page.goto('/my-data');
  const download = page.getByRole('button', { name: 'Download as JSON' });
  await expect(download).toBeEnabled();
  await context.setOffline(true);
  await download.click();
  await expect(page.locator('.note.failed')).toContainText('Your data could not be prepared.');
  await context.setOffline(false);
  await downloadBy(download);
});

test('the session ends before an export: it can be had after signing in again', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/my-data');
  await expect(page.getByRole('heading', { level: 1, name: 'My data' })).toBeVisible();
  await endSession(page);
  await page.getByRole('button', { name: 'Download as JSON' }).click();
  await signInAgain(page);
  await downloadBy(page.getByRole('button', { name: 'Download as JSON' }));
});

test('the printable view has every ticket in full', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/my-data');
  await page.getByRole('button', { name: 'Open the printable view' }).click();
  await expect(page.getByRole('heading', { name: 'Your support history' })).toBeVisible();
  await expect(page.locator('.print-ticket')).not.toHaveCount(0);
  expect(await page.locator('.print-ticket').count()).toBeGreaterThan(8);
  await expect(page.getByText('two price updates')).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: 'Back to My data' })).toBeHidden();
  await expect(page.getByText('two price updates')).toBeVisible();
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('button', { name: 'Back to My data' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'My data' })).toBeVisible();
});

test('the printable view has quoted text, and the names of pictures where they stand', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/my-data');
  await page.getByRole('button', { name: 'Open the printable view' }).click();
  await expect(page.locator('.print-message > blockquote').filter({ hasText: 'we reloaded the day from your broker' })).toBeVisible();
  const picture = page.locator('.print-message > .rich-text').filter({ hasText: 'Is it this number?' });
  await expect(picture).toContainText(/margin.panel\.png/);
  await expect(picture).not.toContainText('This part could not be shown.');
});

test('the printable view has what was filled in beside a message, and the rating', async ({ customer }) => {
  const { page } = customer;
  await always(
    page,
    calls.export,
    fate.changed((data: { tickets: { created_at: string }[] }) => {
      const more = (created_at: string) => ({
        fields: [{ label: 'Account', value: 'Cash and margin' }],
        rating: { score: 'great', comment: 'Quick and clear.', rated_at: created_at },
      });
      return { ...data, tickets: data.tickets.map((ticket, index) => (index === 0 ? { ...ticket, ...more(ticket.created_at) } : ticket)) };
    }),
  );
  await page.goto('/my-data');
  await page.getByRole('button', { name: 'Open the printable view' }).click();
  const first = page.locator('.print-ticket').first();
  await expect(first.getByText('Account: Cash and margin')).toBeVisible();
  await expect(first.getByText('Your rating: Great · Quick and clear.')).toBeVisible();
});

test('what is kept on the device can be looked at and deleted', async ({ customer }) => {
  const { page } = customer;
  const onDevice = page.getByRole('region', { name: 'On this device' }).getByRole('listitem');
  // The list alone, which every customer has seen, is something that is kept, too.
  await page.goto('/my-data');
  await expect(onDevice).toHaveText(['Your list of tickets, as it last was']);
  await page.goto('/tickets');
  await openTicket(page, demo.exitRule);
  await page.goto('/tickets/new');
  await fillTicket(page, 'A draft', 'Of a message');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await page.goto('/my-data');
  await expect(onDevice).toHaveText(['1 draft', 'Your list of tickets, as it last was', '1 ticket for reading offline']);
  await page.getByRole('button', { name: 'Delete from this device' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('No drafts and no tickets are kept on this device.')).toBeVisible();
  await page.goto('/tickets/new');
  await expect(page.getByRole('heading', { level: 1, name: 'New ticket' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue('');
});
