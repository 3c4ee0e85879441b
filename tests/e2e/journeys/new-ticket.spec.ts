import { forgetSeen } from '../support/database';
import { opensOnce, operator } from '../support/helpdesk';
import { email, endSession, expect, signInAgain, test, tickets } from '../support/journey';
import { attach, attached, csv, demo, fillTicket, messages, png, toast, unique } from '../support/portal';
import { calls, counted, road } from '../support/road';

test.beforeEach(async ({ customer }) => {
  await customer.page.getByRole('link', { name: 'New ticket' }).first().click();
  await expect(customer.page.getByRole('heading', { level: 1, name: 'New ticket' })).toBeVisible();
});

const submit = 'Send ticket';

test('a ticket with a topic, its fields and a file is opened and shown', async ({ customer }) => {
  const { page } = customer;
  const subject = unique('Fills look wrong');
  await fillTicket(page, subject, 'I expected 2.10 and got 2.05.');
  await attach(page, csv());
  await expect(attached(page, 'fills.csv')).toContainText('Attached');
  for (const field of await page.locator('form [aria-required=true]').all()) {
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption({ index: 1 });
  }
  await page.getByRole('button', { name: submit }).click();
  await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible();
  await expect(page).toHaveURL(/\/tickets\/tk_/);
  await expect(toast(page, 'Your ticket has been sent.')).toBeVisible();
  await expect(messages(page).first()).toContainText('I expected 2.10 and got 2.05.');
  await expect(page.getByRole('button', { name: /^Download fills\.csv/ })).toBeVisible();
  const id = await opensOnce(await email(page), subject);
  const { threads, number } = await operator.conversation(id);
  expect(threads[0].attachments).toHaveLength(1);
  await expect(page.locator('.thread-head')).toContainText(`#${number}`);
  await expect(tickets(page).filter({ hasText: subject })).toHaveCount(1);
});

test('the form says what is missing and leads there', async ({ customer }) => {
  const { page } = customer;
  const sends = counted(page, calls.create);
  await page.getByRole('button', { name: submit }).click();
  const subject = page.getByRole('textbox', { name: 'Subject' });
  await expect(subject).toBeFocused();
  await expect(subject).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('Please fill this in.').first()).toBeVisible();
  await subject.fill('Only a subject');
  await page.getByRole('button', { name: submit }).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  expect(sends.happened).toBe(0);
});

test('a field that the server refuses is marked, and nothing is lost', async ({ customer }) => {
  const { page } = customer;
  const subject = unique('Refused');
  await fillTicket(page, subject, 'Words that stay.');
  const refused = await road.refused(page, calls.create, 422, 'invalid', { errors: [{ field: 'subject', code: 'not_allowed', message: 'Not allowed.' }] });
  await page.getByRole('button', { name: submit }).click();
  await refused.wasMet();
  await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue(subject);
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('Words that stay.');
  await page.getByRole('button', { name: 'Send again' }).click();
  await opensOnce(await email(page), subject);
});

test('a double click opens one ticket', async ({ customer }) => {
  const { page } = customer;
  const sends = counted(page, calls.create);
  await road.slow(page, calls.create, 400);
  const subject = unique('Twice');
  await fillTicket(page, subject, 'Once is enough.');
  await page.getByRole('button', { name: submit }).dblclick();
  await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible();
  await opensOnce(await email(page), subject);
  expect(sends.happened).toBe(1);
});

test('a slow road: the form says that it is sending', async ({ customer }) => {
  const { page } = customer;
  const slow = await road.slow(page, calls.create);
  const subject = unique('Slowly');
  await fillTicket(page, subject, 'Take your time.');
  await page.getByRole('button', { name: submit }).click();
  await expect(page.getByRole('button', { name: 'Sending' })).toHaveAttribute('aria-busy', 'true');
  await slow.wasMet();
  await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible();
  await opensOnce(await email(page), subject);
});

for (const [what, disturb] of [
  ['500', (page) => road.refused(page, calls.create, 500, 'internal')],
  ['503 from a desk that is down', (page) => road.refused(page, calls.create, 503, 'helpdesk_unavailable')],
  ['a page of something in between', (page) => road.broken(page, calls.create)],
  ['a connection that breaks', (page) => road.cut(page, calls.create)],
  ['an answer that is lost after the ticket was opened', (page) => road.answerLost(page, calls.create)],
] as [string, (page: import('@playwright/test').Page) => ReturnType<typeof road.cut>][]) {
  test(`${what}: every word stays, and sending again opens one ticket`, async ({ customer }) => {
    const { page } = customer;
    const subject = unique('Not at the first try');
    await fillTicket(page, subject, 'Every word of this.');
    await attach(page, csv());
    await expect(attached(page, 'fills.csv')).toContainText('Attached');
    const event = await disturb(page);
    await page.getByRole('button', { name: submit }).click();
    await event.wasMet();
    await expect(page.locator('.note.failed')).toContainText('Not sent');
    await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue(subject);
    await expect(page.getByRole('textbox', { name: 'Message' })).toHaveValue('Every word of this.');
    await expect(attached(page, 'fills.csv')).toBeVisible();
    await page.getByRole('button', { name: 'Send again' }).click();
    await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible();
    const id = await opensOnce(await email(page), subject);
    expect((await operator.conversation(id)).threads[0].attachments).toHaveLength(1);
    await page.goto('/tickets');
    await expect(tickets(page).filter({ hasText: subject })).toHaveCount(1);
  });
}

test('a ticket that was kept and not delivered yet is shown as such', async ({ customer }) => {
  const { page } = customer;
  const subject = unique('Kept');
  await fillTicket(page, subject, 'The desk is away.');
  const kept = await road.refused(page, calls.create, 202, 'accepted_unconfirmed');
  await page.getByRole('button', { name: submit }).click();
  await kept.wasMet();
  await expect(toast(page, 'Your ticket is kept and will be delivered shortly.')).toBeVisible();
});

test('a ticket written offline is held and goes by itself', async ({ customer }) => {
  const { context, page } = customer;
  const subject = unique('From the train');
  await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeVisible();
  await context.setOffline(true);
  await fillTicket(page, subject, 'No connection here.');
  await page.getByRole('button', { name: 'Send when online' }).click();
  await expect(page.locator('.note.held')).toContainText('Waiting for a connection');
  await context.setOffline(false);
  await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible();
  await opensOnce(await email(page), subject);
});

test('the session ends while the ticket is sent: it goes after signing in, once', async ({ customer }) => {
  const { page } = customer;
  const address = await email(page);
  const subject = unique('Four hours later');
  await fillTicket(page, subject, 'It took me a while.');
  await endSession(page);
  await page.getByRole('button', { name: submit }).click();
  await signInAgain(page);
  await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible();
  await opensOnce(address, subject);
});

test('an open ticket that looks the same is offered, and does not stand in the way', async ({ customer }) => {
  const { page } = customer;
  await page.getByRole('textbox', { name: 'Subject' }).fill('My exit rule fired twice again');
  const hint = page.getByRole('status').filter({ hasText: 'You may have asked this already.' });
  await expect(hint).toContainText(demo.exitRule);
  await hint.getByRole('button', { name: 'It is something else' }).click();
  await expect(hint).toHaveCount(0);
  await page.getByRole('textbox', { name: 'Subject' }).fill('The exit rule fired twice today');
  await page.getByRole('textbox', { name: 'Message' }).fill('It stays dismissed.');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await expect(hint).toHaveCount(0);
});

test('the draft can be thrown away, after a question', async ({ customer }) => {
  const { page } = customer;
  await fillTicket(page, 'Never mind', 'Really, never mind.');
  await page.getByRole('button', { name: 'Discard draft' }).click();
  const dialog = page.getByRole('dialog', { name: 'Discard this draft?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue('Never mind');
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await dialog.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue('');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'New ticket' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue('');
});

test('topics that cannot be loaded do not keep anybody from writing', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/tickets');
  // Topics that were seen before are used again; here there are none.
  await forgetSeen(page);
  const broken = await road.refused(page, calls.topics, 500, 'internal');
  await page.getByRole('link', { name: 'New ticket' }).first().click();
  await broken.wasMet();
  await expect(page.getByText('The topics could not be loaded. You can write to us without one.')).toBeVisible();
  const subject = unique('Without a topic');
  await page.getByRole('textbox', { name: 'Subject' }).fill(subject);
  await page.getByRole('textbox', { name: 'Message' }).fill('It works without.');
  await page.getByRole('button', { name: submit }).click();
  await opensOnce(await email(page), subject);
});

test('topics that were seen before do when they cannot be loaded', async ({ customer }) => {
  const { page } = customer;
  await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeVisible();
  await page.goto('/tickets');
  const broken = await road.refused(page, calls.topics, 500, 'internal');
  await page.getByRole('link', { name: 'New ticket' }).first().click();
  await broken.wasMet();
  const subject = unique('With a topic all the same');
  await fillTicket(page, subject, 'It works with it.');
  await page.getByRole('button', { name: submit }).click();
  await opensOnce(await email(page), subject);
});

test('files are dropped, pasted, removed and counted', async ({ customer }) => {
  const { page } = customer;
  const hand = async (kind: 'drop' | 'paste', name: string, type: string) => {
    const target = page.getByRole('textbox', { name: 'Message' });
    const data = await page.evaluateHandle(
      ([fileName, mediaType, bytes]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0))], fileName, { type: mediaType }));
        return transfer;
      },
      [name, type, png().buffer.toString('base64')] as const,
    );
    if (kind === 'drop') {
      await target.dispatchEvent('dragenter', { dataTransfer: data });
      await target.dispatchEvent('drop', { dataTransfer: data });
    } else {
      await target.evaluate((element, clipboardData) => element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })), data);
    }
  };
  await hand('drop', 'dropped.png', 'image/png');
  await expect(attached(page, 'dropped.png')).toContainText('Attached');
  await hand('paste', 'image.png', 'image/png');
  await expect(attached(page, 'Pasted image')).toContainText('Attached');
  await page.getByRole('button', { name: 'Remove dropped.png' }).click();
  await expect(attached(page, 'dropped.png')).toHaveCount(0);
  // Beside the form, a browser would open the file in place of the page.
  const taken = await page.getByRole('banner').evaluate((banner) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['a,b'], 'beside.csv', { type: 'text/csv' }));
    return ['dragover', 'drop'].map((type) => !banner.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true })));
  });
  expect(taken).toEqual([true, true]);
  await expect(attached(page, 'beside.csv')).toContainText('Attached');
  await page.getByRole('button', { name: 'Remove beside.csv' }).click();
  await attach(page, ...Array.from({ length: 10 }, (_, index) => csv(`rows-${index}.csv`)));
  await expect(page.getByRole('alert').filter({ hasText: 'A message takes 10 files at most.' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Attached files' }).getByRole('listitem')).toHaveCount(10);
});

test('each file that cannot be taken says why', async ({ customer }) => {
  const { page } = customer;
  await attach(page, { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) });
  await expect(attached(page, 'empty.txt')).toContainText('empty.txt is empty.');
  await attach(page, { name: 'large.csv', mimeType: 'text/csv', buffer: Buffer.alloc(11 * 1024 * 1024, 'a') });
  await expect(attached(page, 'large.csv')).toContainText('A file may have 10');
  // Its name says picture, its bytes say program.
  await attach(page, { name: 'chart.png', mimeType: 'image/png', buffer: Buffer.from('MZ\x90\x00\x03\x00\x00\x00', 'latin1') });
  await expect(attached(page, 'chart.png')).toContainText('chart.png is a kind of file that we do not accept.');
  await expect(page.getByText('3 files could not be attached.')).toBeVisible();
  const sends = counted(page, calls.create);
  await fillTicket(page, unique('With bad files'), 'See above.');
  await page.getByRole('button', { name: submit }).click();
  await expect(page.locator('#ticket-files')).toBeFocused();
  expect(sends.happened).toBe(0);
  for (const name of ['empty.txt', 'large.csv', 'chart.png']) await page.getByRole('button', { name: `Remove ${name}` }).click();
  await expect(page.getByText('could not be attached')).toHaveCount(0);
});

for (const [what, disturb, sentence] of [
  ['refused with 500', (page) => road.refused(page, calls.upload, 500, 'internal'), 'could not be taken just now'],
  ['refused with 429', (page) => road.refused(page, calls.upload, 429, 'rate_limited', {}, { 'retry-after': '3' }), 'Too many uploads at once'],
  ['cut off', (page) => road.cut(page, calls.upload), 'was interrupted'],
] as [string, (page: import('@playwright/test').Page) => ReturnType<typeof road.cut>, string][]) {
  test(`an upload that is ${what} says so and can be tried again`, async ({ customer }) => {
    const { page } = customer;
    const event = await disturb(page);
    await attach(page, csv());
    await event.wasMet();
    await expect(attached(page, 'fills.csv')).toContainText(sentence);
    await page.getByRole('button', { name: 'Try again fills.csv' }).click();
    await expect(attached(page, 'fills.csv')).toContainText('Attached');
  });
}

test('sending waits for a file that is still on its way', async ({ customer }) => {
  const { page } = customer;
  const slow = await road.slow(page, calls.upload, 2_000);
  const subject = unique('With a large file');
  await fillTicket(page, subject, 'See the file.');
  await attach(page, csv());
  await page.getByRole('button', { name: submit }).click();
  await expect(page.locator('.note.held')).toContainText('1 file is still uploading. Your message is sent when it is done.');
  await slow.wasMet();
  await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible();
  const id = await opensOnce(await email(page), subject);
  expect((await operator.conversation(id)).threads[0].attachments).toHaveLength(1);
});
