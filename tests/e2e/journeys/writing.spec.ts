import type { Page } from '@playwright/test';
import { arrivesOnce, opensOnce, operator } from '../support/helpdesk';
import { email, endSession, expect, signInAgain, test } from '../support/journey';
import { attach, attached, atTicket, csv, demo, fillTicket, message, openTicket, reply, replyBox, toast, unique } from '../support/portal';
import { calls, counted, road, type Event } from '../support/road';

// What can go wrong while something is written, by feature. Sending a reply, taking it back and opening a ticket have files of their own;
// here is what they leave out, and everything else that writes.

type Disturb = (page: Page) => Promise<Event>;

test.describe('attaching a file', () => {
  for (const [what, disturb, sentence] of [
    ['too large for the road', (page) => road.refused(page, calls.upload, 413, 'too_large'), 'A file may have 10'],
    ['of a kind that is not accepted', (page) => road.refused(page, calls.upload, 415, 'file_rejected'), 'a kind of file that we do not accept'],
    ['answered by something in between', (page) => road.broken(page, calls.upload), 'could not be taken just now'],
    ['taken without an answer', (page) => road.answerLost(page, calls.upload), 'was interrupted'],
  ] as [string, Disturb, string][]) {
    test(`a file that is ${what} says so, and is there at the next try, once`, async ({ customer }) => {
      const { page } = customer;
      const id = await atTicket(customer);
      const event = await disturb(page);
      await attach(page, csv());
      await event.wasMet();
      await expect(attached(page, 'fills.csv')).toContainText(sentence);
      await page.getByRole('button', { name: 'Try again fills.csv' }).click();
      await expect(attached(page, 'fills.csv')).toContainText('Attached');
      const words = unique('At the second try');
      await reply(page, words);
      await arrivesOnce(id, words);
      const { threads } = await operator.conversation(id);
      expect(threads.find((thread) => thread.body?.includes(words))?.attachments).toHaveLength(1);
    });
  }

  test('offline a file waits, and is uploaded and sent with its message by itself', async ({ customer }) => {
    const { context, page } = customer;
    const id = await atTicket(customer);
    await context.setOffline(true);
    await attach(page, csv());
    await expect(attached(page, 'fills.csv')).toContainText('Waiting');
    const words = unique('With a file from the train');
    await replyBox(page).fill(words);
    await page.getByRole('button', { name: 'Send when online' }).click();
    await expect(page.locator('.note.held')).toBeVisible();
    await context.setOffline(false);
    await expect(message(page, words)).toHaveCount(1);
    await arrivesOnce(id, words);
    const { threads } = await operator.conversation(id);
    expect(threads.find((thread) => thread.body?.includes(words))?.attachments).toHaveLength(1);
  });

  test('the session ends: the file is uploaded once the customer has signed in again', async ({ customer }) => {
    const { page } = customer;
    await atTicket(customer);
    await endSession(page);
    await attach(page, csv());
    await signInAgain(page);
    await expect(attached(page, 'fills.csv')).toContainText('Attached');
  });
});

test.describe('a reply', () => {
  test('typing goes on while it is sent, and what was typed stays', async ({ customer }) => {
    const { page } = customer;
    const id = await atTicket(customer);
    const slow = await road.slow(page, calls.reply, 1_000);
    const words = unique('Sent already');
    await reply(page, words);
    await replyBox(page).fill(`${words}\nand one more thing`);
    await slow.wasMet();
    await expect(message(page, words)).toHaveCount(1);
    await expect(replyBox(page)).toHaveValue('and one more thing');
    await arrivesOnce(id, words);
  });

  test('its ticket is left while it is sent: it arrives once, and its draft is gone', async ({ customer }) => {
    const { page } = customer;
    const id = await atTicket(customer);
    const slow = await road.slow(page, calls.reply, 1_000);
    const words = unique('Sent and left');
    await reply(page, words);
    await page.goBack();
    await slow.wasMet();
    await arrivesOnce(id, words);
    await openTicket(page, demo.prices);
    await expect(message(page, words)).toHaveCount(1);
    await expect(replyBox(page)).toHaveValue('');
  });

  test('its ticket is left and it is refused: the customer hears of it, and the words are there', async ({ customer }) => {
    const { page } = customer;
    await atTicket(customer);
    const words = unique('Refused behind my back');
    await page.route(/\/replies$/, async (route) => {
      await page.getByRole('heading', { level: 1, name: 'Your tickets' }).waitFor();
      await route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        body: JSON.stringify({ type: 'urn:raxx:support:problem:internal', title: 'No.', status: 500, code: 'internal', reference: 'R-WAKJ1-G15PH' }),
      });
    });
    await reply(page, words);
    await page.goBack();
    await expect(toast(page, 'Your reply was not sent. The text is kept.')).toBeVisible();
    await page.unroute(/\/replies$/);
    await openTicket(page, demo.prices);
    await expect(replyBox(page)).toHaveValue(words);
  });

  test('no answer comes at all: after a while that is said, and sending it again sends it once', async ({ customer }) => {
    test.slow();
    const { page } = customer;
    const id = await atTicket(customer);
    const silent = await road.silent(page, calls.reply);
    const words = unique('Is anybody there?');
    await reply(page, words);
    await silent.wasMet();
    await expect(page.locator('.note.failed')).toContainText('the connection timed out', { timeout: 30_000 });
    await page.getByRole('button', { name: 'Send again' }).click();
    await expect(message(page, words)).toHaveCount(1);
    await arrivesOnce(id, words);
    await expect(message(page, words)).toContainText('Delivered', { timeout: 30_000 });
    expect(await operator.count(id, words)).toBe(1);
  });

  test('the same reply is still being worked on: its answer is waited for', async ({ customer }) => {
    const { page } = customer;
    const id = await atTicket(customer);
    const busy = await road.refused(page, calls.reply, 409, 'in_progress');
    const words = unique('Already under way');
    await reply(page, words);
    await busy.wasMet();
    await expect(message(page, words)).toHaveCount(1);
    await expect(page.locator('.note.failed')).toHaveCount(0);
    await arrivesOnce(id, words);
  });

  test('a key that was used with other words is not silently dropped', async ({ customer }) => {
    const { page } = customer;
    const id = await atTicket(customer);
    const conflict = await road.refused(page, calls.reply, 422, 'idempotency_conflict');
    const words = unique('Second thoughts');
    await reply(page, words);
    await conflict.wasMet();
    await expect(replyBox(page)).toHaveValue(words);
    await page.getByRole('button', { name: 'Send anyway' }).click();
    await expect(message(page, words)).toHaveCount(1);
    await arrivesOnce(id, words);
  });

  // What goes wrong between Raptor and the help desk is nothing that a customer has to deal with.
  for (const fault of [
    { kind: 'error_before_commit', status: 500 },
    { kind: 'error_after_commit', status: 504 },
    { kind: 'drop_after_commit' },
    { kind: 'malformed_json' },
    { kind: 'login_page' },
    { kind: 'too_many_requests', retry_after: 1 },
  ]) {
    test(`the help desk fails with ${fault.kind}: the reply arrives once all the same`, async ({ customer }) => {
      test.slow();
      const { page } = customer;
      const id = await atTicket(customer);
      await operator.fault({ ...fault, method: 'POST', route: `/api/conversations/${id}/threads`, times: 1 });
      const words = unique('Through a fault');
      await reply(page, words);
      await expect(message(page, words)).toHaveCount(1);
      await expect(message(page, words)).toContainText('Delivered', { timeout: 120_000 });
      expect(await operator.count(id, words)).toBe(1);
      await expect(message(page, words)).toHaveCount(1);
    });
  }
});

test.describe('a new ticket', () => {
  test.beforeEach(async ({ customer }) => {
    await customer.page.goto('/tickets/new');
    await expect(customer.page.getByRole('combobox', { name: 'What is it about?' })).toBeVisible();
  });
  const submit = (page: Page) => page.getByRole('button', { name: 'Send ticket' });

  for (const [status, code, sentence] of [
    [429, 'rate_limited', 'That was a lot at once. Try again in 7 seconds.'],
    [413, 'too_large', 'That is more than we can take in one go.'],
    [503, 'maintenance', 'Support is being worked on and will be back soon.'],
  ] as const) {
    test(`${status} ${code}: it says why, and sending again opens one ticket`, async ({ customer }) => {
      const { page } = customer;
      const refused = await road.refused(page, calls.create, status, code, {}, { 'retry-after': '7' });
      const subject = unique('Refused at first');
      await fillTicket(page, subject, 'Every word of this.');
      await submit(page).click();
      await refused.wasMet();
      await expect(page.locator('.note.failed')).toContainText(sentence);
      await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue(subject);
      await page.getByRole('button', { name: 'Send again' }).click();
      await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible();
      await opensOnce(await email(page), subject);
    });
  }

  test('a complaint about a field goes when the field is corrected', async ({ customer }) => {
    const { page } = customer;
    const subject = page.getByRole('textbox', { name: 'Subject' });
    const body = page.getByRole('textbox', { name: 'Message' });
    await submit(page).click();
    await expect(subject).toHaveAttribute('aria-invalid', 'true');
    await expect(body).toHaveAttribute('aria-invalid', 'true');
    await subject.fill('Corrected');
    await expect(subject).not.toHaveAttribute('aria-invalid', 'true');
    await expect(body).toHaveAttribute('aria-invalid', 'true');
    await body.fill('Corrected too');
    await expect(page.getByText('Please fill this in.')).toHaveCount(0);
  });

  test('it was opened, its answer was lost, and the page died: it is one ticket', async ({ customer }) => {
    const { context, page } = customer;
    const lost = await road.answerLost(page, calls.create);
    const subject = unique('Opened and lost');
    await fillTicket(page, subject, 'Did this arrive?');
    await submit(page).click();
    await lost.wasMet();
    await expect(page.getByRole('button', { name: 'Send again' })).toBeVisible();
    const again = await context.newPage();
    await again.goto('/tickets/new');
    await expect(again.getByRole('textbox', { name: 'Subject' })).toHaveValue(subject);
    await page.close();
    await submit(again).click();
    await expect(again.getByRole('heading', { level: 1, name: subject })).toBeVisible();
    await opensOnce(await email(again), subject);
  });
});
