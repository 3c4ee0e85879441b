import { readFileSync } from 'node:fs';
import { arrivesOnce, opensOnce, operator } from '../support/helpdesk';
import { arriveAtList, email, enrol, expect, picture, signIn, signOut, test, tickets, token } from '../support/journey';
import { attached, downloadBy, fillTicket, messages } from '../support/portal';
import { edge } from '../support/system';

test('the sign-in page is readable before any script runs', async ({ browser }, info) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(edge);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText('Sign in with the passkey you use for Raxx.')).toBeVisible();
  await picture(page, info, 'without script');
  await context.close();
});

for (const extension of ['js', 'wasm']) {
  test(`a page whose program does not come (${extension}) says so`, async ({ visitor }) => {
    const { page } = visitor;
    const program = new RegExp(`/assets/sign-in-[^/]*\\.${extension}$`);
    await page.route(program, (route) => route.abort('connectionreset'));
    await page.goto('/');
    await expect(page.getByText('Raxx Support did not load.')).toBeVisible();
    await page.unroute(program);
    await page.getByRole('button', { name: 'Reload' }).click();
    await expect(page.getByRole('button', { name: 'Create a demo passkey' })).toBeVisible();
  });
}

test('the sign-in page loads its own program and no other before somebody means to sign in', async ({ visitor }) => {
  const { page, watch } = visitor;
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Create a demo passkey' })).toBeVisible();
  // The first is for development systems, as this one is; the second does nothing before the portal has begun.
  const programs = () => watch.requests.map((url) => new URL(url).pathname).filter((path) => path.startsWith('/assets/'));
  expect(programs().map((path) => path.replace(/-[0-9a-f]{12}/, '')).sort()).toEqual(['/assets/demo.js', '/assets/offline.js', '/assets/sign-in.js', '/assets/sign-in.wasm']);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).hover();
  await expect.poll(() => programs().some((path) => /portal-.*\.wasm$/.test(path))).toBe(true);
});

test('somebody who is signed in and gets no portal is told so, stays signed in, and tries again', async ({ visitor }) => {
  const { page } = visitor;
  await page.route(/\/assets\/portal-[^/]*\.wasm$/, (route) => route.abort('connectionreset'));
  await page.goto('/');
  await page.getByRole('button', { name: 'Create a demo passkey' }).click();
  await expect(page.getByRole('heading', { name: 'You are signed in, but your tickets did not load.' })).toBeVisible();
  await page.unroute(/\/assets\/portal-[^/]*\.wasm$/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await arriveAtList(page);
});

test('a visitor becomes a customer, reads, replies, opens a ticket and signs out', async ({ visitor }, info) => {
  // A reply can be taken back for ten seconds, an agent's answer for twenty: this journey waits for both.
  test.slow();
  const { page } = visitor;

  await page.goto('/');
  await picture(page, info, '1 sign-in');
  await enrol(visitor, 'Ada Example');
  await picture(page, info, '2 list');
  expect(await visitor.authenticator.passkeys()).toHaveLength(1);
  expect((await token(page)).split('.')).toHaveLength(3);
  for (const status of ['Received', 'Working', 'Waiting for you']) {
    await expect(page.locator('li.row').getByText(status, { exact: true }).first()).toBeVisible();
  }

  // A ticket with a file behind it.
  const file = await openTicketWithFile(page);
  await picture(page, info, '3 ticket');
  const download = await downloadBy(file);
  const bytes = readFileSync(await download.path());
  expect(bytes.length).toBeGreaterThan(0);

  // A reply.
  const words = `Thank you, that helps. ${Date.now()}`;
  await page.getByRole('textbox', { name: 'Your reply' }).fill(words);
  await page.keyboard.press('Control+Enter');
  await expect(messages(page).filter({ hasText: words })).toBeVisible();
  await arrivesOnce(await operator.find(await email(page), await page.getByRole('heading', { level: 1 }).innerText()), words);
  await picture(page, info, '4 reply');

  // A ticket of one's own, with a file.
  const subject = `Fills look wrong ${Date.now()}`;
  await page.goto('/tickets/new');
  await fillTicket(page, subject, 'I expected 2.10 and got 2.05.');
  await page.locator('input[type=file]').setInputFiles({ name: 'fills.csv', mimeType: 'text/csv', buffer: Buffer.from('time,price\n09:30,2.05\n') });
  await expect(attached(page, 'fills.csv')).toBeVisible();
  await picture(page, info, '5 new ticket');
  await page.getByRole('button', { name: 'Send ticket' }).click();
  // Whoever leaves before the answer keeps the draft, and is asked about it at sign-out.
  await expect(page).not.toHaveURL(/\/tickets\/new/);
  await opensOnce(await email(page), subject);
  await page.goto('/tickets');
  await expect(tickets(page).filter({ hasText: subject })).toBeVisible();
  await tickets(page).filter({ hasText: subject }).click();
  await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Download fills/ })).toBeVisible();
  // The double's agent answers after a few seconds; the answer arrives by itself.
  await expect(page.locator('li.message.team').first()).toBeVisible({ timeout: 40_000 });
  await picture(page, info, '6 answered');

  await signOut(page);
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  await picture(page, info, '7 signed out');
});

test('an expired session leads to sign-in and back to the same page', async ({ customer }, info) => {
  const { page } = customer;
  await tickets(page).first().click();
  await expect(page).toHaveURL(/\/tickets\/[^/]+$/);
  const address = page.url();
  const heading = await page.getByRole('heading', { level: 1 }).innerText();

  // Raptor forgets the session: the next call is refused, as it is after the session's end.
  const ended = await page.request.delete('/api/v1/auth/session', { headers: { authorization: `Bearer ${await token(page)}` } });
  expect(ended.status()).toBe(204);
  await page.reload();
  const again = page.getByRole('button', { name: /^(Sign in again|Sign in with a passkey)$/ });
  await expect(again).toBeVisible();
  await picture(page, info, 'expired');
  await again.click();
  await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
  expect(page.url()).toBe(address);
});

test('a customer comes back with their passkey', async ({ customer }) => {
  const { page } = customer;
  await signOut(page);
  await signIn(page);
  await arriveAtList(page);
});

test('a cancelled sign-in says so and can be tried again', async ({ customer }) => {
  const { page, authenticator } = customer;
  await signOut(page);
  await authenticator.accept(false);
  await signIn(page);
  await expect(page.getByRole('main').getByText('Sign-in was cancelled, or took too long.')).toBeVisible();
  await authenticator.accept(true);
  await signIn(page);
  await arriveAtList(page);
});

async function openTicketWithFile(page: import('@playwright/test').Page) {
  const count = await tickets(page).count();
  for (let index = 0; index < count; index += 1) {
    await tickets(page).nth(index).click();
    await expect(messages(page).first()).toBeVisible();
    const file = page.getByRole('button', { name: /^Download / });
    if (await file.count()) return file.first();
    await page.goto('/tickets');
    await arriveAtList(page);
  }
  throw new Error('no demo ticket has a file');
}
