import { arrivesOnce, operator } from '../support/helpdesk';
import { endSession, expect, signInAgain, test } from '../support/journey';
import { announced, attach, attached, atTicket, csv, demo, message, reply, replyBox, sendButton, unique } from '../support/portal';
import { always, calls, counted, fate, road } from '../support/road';

test('a reply is sent, can be followed on its way, and arrives', async ({ customer }) => {
  const { page } = customer;
  const id = await atTicket(customer);
  const words = unique('Still yesterday’s prices');
  await replyBox(page).fill(words);
  await page.keyboard.press('Control+Enter');
  const sent = message(page, words);
  await expect(sent).toContainText(/Sending in \d+ s/);
  await expect(replyBox(page)).toHaveValue('');
  await expect(sent).toContainText(/Delivered \d\d:\d\d/, { timeout: 30_000 });
  await arrivesOnce(id, words);
});

test('a reply can be taken back before it leaves, and comes back into the box', async ({ customer }) => {
  const { page } = customer;
  const id = await atTicket(customer);
  const words = unique('I spoke too soon');
  await reply(page, words);
  await message(page, words).getByRole('button', { name: 'Undo' }).click();
  await expect(message(page, words)).toHaveCount(0);
  await expect(replyBox(page)).toHaveValue(words);
  await expect(replyBox(page)).toBeFocused();
  // What is sent instead arrives; what was taken back never does.
  const instead = unique('It is fine again');
  await reply(page, instead);
  await arrivesOnce(id, instead);
  expect(await operator.count(id, words)).toBe(0);
});

test('a reply that failed for good is written again, beside what is in the box, and goes as a message of its own', async ({ customer }) => {
  const { page } = customer;
  const id = await atTicket(customer);
  const words = unique('Refused by the help desk');
  type Message = { body: object; delivery: object };
  await always(
    page,
    calls.read,
    fate.changed((ticket: { messages: Message[] }) => {
      const isMeant = ({ body }: Message) => JSON.stringify(body).includes(words) && !JSON.stringify(body).includes('Meanwhile');
      const failed = { state: 'failed', reason: 'too_large' };
      return { ...ticket, messages: ticket.messages.map((each) => (isMeant(each) ? { ...each, delivery: failed } : each)) };
    }),
  );
  const keys: string[] = [];
  page.on('request', (request) => {
    if (calls.reply.path.test(new URL(request.url()).pathname)) keys.push(request.headers()['idempotency-key']);
  });
  await reply(page, `${words}\n\nIn two paragraphs.`);
  const failed = message(page, words).first();
  await expect(failed).toContainText('Not sent: it is too large', { timeout: 30_000 });
  await replyBox(page).fill('Meanwhile');
  await failed.getByRole('button', { name: 'Write it again' }).click();
  await expect(replyBox(page)).toHaveValue(`${words}\n\nIn two paragraphs.\n\nMeanwhile`);
  await expect(replyBox(page)).toBeFocused();
  await sendButton(page).click();
  await expect(message(page, words)).toHaveCount(2);
  expect(new Set(keys).size).toBe(2);
  // The first has arrived, whatever we told the page of it.
  await expect.poll(() => operator.count(id, words), { timeout: 40_000 }).toBe(2);
});

test('a slow road: the reply says that it is being sent, and arrives once', async ({ customer }) => {
  const { page } = customer;
  const id = await atTicket(customer);
  const slow = await road.slow(page, calls.reply);
  const words = unique('Slowly');
  await reply(page, words);
  await expect(page.getByRole('button', { name: 'Sending' })).toHaveAttribute('aria-busy', 'true');
  await expect(message(page, words)).toBeVisible();
  await slow.wasMet();
  await arrivesOnce(id, words);
});

test('a double click sends one reply', async ({ customer }) => {
  const { page } = customer;
  const id = await atTicket(customer);
  const sends = counted(page, calls.reply);
  await road.slow(page, calls.reply, 400);
  const words = unique('Twice');
  await replyBox(page).fill(words);
  await sendButton(page).dblclick();
  await expect(message(page, words)).toHaveCount(1);
  await arrivesOnce(id, words);
  expect(sends.happened).toBe(1);
});

test('an impatient customer presses the keys five times and sends one reply', async ({ customer }) => {
  const { page } = customer;
  const id = await atTicket(customer);
  const words = unique('Hello? Hello?');
  await replyBox(page).fill(words);
  for (let press = 0; press < 5; press += 1) await page.keyboard.press('Control+Enter');
  await expect(message(page, words)).toHaveCount(1);
  await arrivesOnce(id, words);
});

for (const [status, code, sentence] of [
  [429, 'rate_limited', 'That was a lot at once. Try again in 7 seconds.'],
  [413, 'too_large', 'That is more than we can take in one go.'],
  [500, 'internal', 'Something went wrong on our side.'],
  [503, 'helpdesk_unavailable', 'We cannot reach our support desk right now.'],
  [503, 'maintenance', 'Support is being worked on and will be back soon.'],
] as const) {
  test(`a reply that is refused with ${status} ${code} keeps its words, says why, and can be sent again`, async ({ customer }) => {
    const { page } = customer;
    const id = await atTicket(customer);
    const refused = await road.refused(page, calls.reply, status, code, {}, status === 429 ? { 'retry-after': '7' } : {});
    const words = unique('Refused at first');
    await reply(page, words);
    await refused.wasMet();
    const note = page.locator('.note.failed');
    await expect(note).toContainText('Not sent');
    await expect(note).toContainText(sentence);
    await expect(note).toContainText('R-WAKJ1-G15PH');
    await expect(replyBox(page)).toHaveValue(words);
    await note.getByRole('button', { name: 'Send again' }).click();
    await expect(message(page, words)).toBeVisible();
    await expect(note).toHaveCount(0);
    await arrivesOnce(id, words);
  });
}

test('a page of something in between is no answer: the words stay and can be sent again', async ({ customer }) => {
  const { page } = customer;
  const id = await atTicket(customer);
  const broken = await road.broken(page, calls.reply);
  const words = unique('Bad gateway');
  await reply(page, words);
  await broken.wasMet();
  await expect(replyBox(page)).toHaveValue(words);
  await page.getByRole('button', { name: 'Send again' }).click();
  await expect(message(page, words)).toBeVisible();
  await arrivesOnce(id, words);
});

test('the answer is lost after the reply was taken: sending it again does not send it twice', async ({ customer }) => {
  const { page } = customer;
  const id = await atTicket(customer);
  const lost = await road.answerLost(page, calls.reply);
  const words = unique('Did this arrive?');
  await reply(page, words);
  await lost.wasMet();
  await expect(replyBox(page)).toHaveValue(words);
  await page.getByRole('button', { name: 'Send again' }).click();
  await expect(message(page, words)).toHaveCount(1);
  await expect(replyBox(page)).toHaveValue('');
  await arrivesOnce(id, words);
  await expect(message(page, words)).toContainText('Delivered', { timeout: 30_000 });
  expect(await operator.count(id, words)).toBe(1);
});

test('the answer is lost and the page is closed: the draft is there again and still arrives once', async ({ customer }) => {
  const { context, page } = customer;
  const id = await atTicket(customer);
  const lost = await road.answerLost(page, calls.reply);
  const words = unique('And then the browser died');
  await reply(page, words);
  await lost.wasMet();
  await expect(page.getByRole('button', { name: 'Send again' })).toBeVisible();
  const address = page.url();
  const again = await context.newPage();
  await again.goto(address);
  // The other tab has the session from this one.
  await expect(replyBox(again)).toBeVisible();
  await page.close();
  await expect(replyBox(again)).toHaveValue(words);
  await sendButton(again).click();
  await expect(message(again, words)).toHaveCount(1);
  await arrivesOnce(id, words);
  await expect(message(again, words)).toContainText('Delivered', { timeout: 30_000 });
  expect(await operator.count(id, words)).toBe(1);
});

test('a reply written offline is held with the customer’s knowledge, and goes by itself', async ({ customer }) => {
  const { context, page } = customer;
  const id = await atTicket(customer);
  await context.setOffline(true);
  await expect(page.getByText('You are offline. You can read what was loaded and go on writing.')).toBeVisible();
  const words = unique('From the train');
  await replyBox(page).fill(words);
  await page.getByRole('button', { name: 'Send when online' }).click();
  await expect(page.locator('.note.held')).toContainText('Waiting for a connection');
  await expect(replyBox(page)).toHaveValue(words);
  await context.setOffline(false);
  await expect(message(page, words)).toBeVisible();
  await expect(page.locator('.note.held')).toHaveCount(0);
  await arrivesOnce(id, words);
});

test('what is held offline can be taken back', async ({ customer }) => {
  const { context, page } = customer;
  await atTicket(customer);
  const sends = counted(page, calls.reply);
  await context.setOffline(true);
  const words = unique('Rather not');
  await replyBox(page).fill(words);
  await page.getByRole('button', { name: 'Send when online' }).click();
  await page.locator('.note.held').getByRole('button', { name: 'Cancel' }).click();
  await context.setOffline(false);
  await expect(page.getByRole('button', { name: 'Send', exact: true })).toBeVisible();
  await expect(replyBox(page)).toHaveValue(words);
  expect(sends.happened).toBe(0);
});

test('the session ends while a reply is sent: it is kept, and goes after signing in, once', async ({ customer }) => {
  const { page } = customer;
  const id = await atTicket(customer);
  const words = unique('After four hours');
  await replyBox(page).fill(words);
  await endSession(page);
  await sendButton(page).click();
  await expect(page.getByRole('dialog', { name: 'Your session has ended.' })).toBeVisible();
  await expect(replyBox(page)).toHaveValue(words);
  await signInAgain(page);
  await expect(message(page, words)).toHaveCount(1);
  await arrivesOnce(id, words);
});

test('an empty reply is not sent, and the box says so', async ({ customer }) => {
  const { page } = customer;
  await atTicket(customer);
  const sends = counted(page, calls.reply);
  await sendButton(page).click();
  await expect(page.getByText('Write something first.')).toBeVisible();
  await expect(replyBox(page)).toBeFocused();
  await expect(replyBox(page)).toHaveAttribute('aria-invalid', 'true');
  await replyBox(page).fill('x'.repeat(20_001));
  await expect(page.getByText('1 character too many')).toBeVisible();
  await sendButton(page).click();
  await expect(replyBox(page)).toHaveAttribute('aria-invalid', 'true');
  expect(sends.happened).toBe(0);
});

test('a reply carries files, and light Markdown looks as it was previewed', async ({ customer }) => {
  const { page } = customer;
  const id = await atTicket(customer);
  const words = unique('Two rows');
  await replyBox(page).fill(`**${words}**\n\n- first\n- second`);
  const preview = page.getByRole('region', { name: 'Preview' });
  await expect(preview.getByRole('listitem')).toHaveText(['first', 'second']);
  await attach(page, csv('rows.csv'));
  await expect(attached(page, 'rows.csv')).toContainText('Attached');
  await sendButton(page).click();
  const sent = message(page, words);
  await expect(sent.locator('strong').filter({ hasText: words })).toBeVisible();
  await expect(sent.getByRole('listitem').filter({ hasText: /^(first|second)$/ })).toHaveCount(2);
  await expect(sent.getByRole('button', { name: /^Download rows\.csv/ })).toBeVisible();
  await arrivesOnce(id, words);
  const { threads } = await operator.conversation(id);
  expect(threads.find((thread) => thread.body?.includes(words))?.attachments).toHaveLength(1);
});

test('an answer that arrives while one writes is shown without taking the words', async ({ customer }) => {
  const { page } = customer;
  const id = await atTicket(customer);
  await replyBox(page).fill('Let me think');
  const answer = unique('We found it');
  await operator.reply(id, `<p>${answer}</p>`);
  await expect(page.getByText('Maya answered while you were writing.')).toBeVisible({ timeout: 30_000 });
  await expect(replyBox(page)).toHaveValue('Let me think');
  await expect(announced(page)).toContainText('Maya');
  await page.getByRole('button', { name: 'Show it' }).click();
  await expect(message(page, answer)).toBeInViewport();
});

test('a reply to a resolved ticket opens it again', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/tickets?status=resolved');
  const id = await atTicket(customer, demo.invoice);
  await expect(page.getByText('Sending this reopens the ticket.')).toBeVisible();
  const words = unique('One more thing');
  await reply(page, words);
  await arrivesOnce(id, words);
  await expect(page.locator('.thread .gauge')).not.toContainText('Resolved', { timeout: 30_000 });
});
