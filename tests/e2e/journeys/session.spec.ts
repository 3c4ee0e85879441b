import { arriveAtList, endSession, endSessionElsewhere, enrol, expect, signIn, signInAgain, signOut, test, tickets, token } from '../support/journey';
import { demo, fillTicket, openTicket, replyBox } from '../support/portal';
import { calls, road } from '../support/road';

test('a deep link leads to sign-in and then to its page', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  const address = page.url();
  await signOut(page);
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
  await page.goto(address);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await signIn(page);
  await expect(page.getByRole('heading', { level: 1, name: demo.exitRule })).toBeVisible();
  expect(page.url()).toBe(address);
});

for (const next of ['//evil.example/', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
  test(`sign-in never leads on to ${next}`, async ({ customer }) => {
    const { page } = customer;
    await signOut(page);
    await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await signIn(page);
    await arriveAtList(page);
    expect(new URL(page.url()).pathname).toBe('/tickets');
  });
}

for (const [what, disturb, words] of [
  ['a server error', (page) => road.refused(page, calls.challenge, 500, 'internal'), 'We cannot sign you in at the moment.'],
  ['too many attempts', (page) => road.refused(page, calls.challenge, 429, 'rate_limited', {}, { 'retry-after': '9' }), 'Too many attempts. Please wait 9 seconds, then try again.'],
  ['a broken connection', (page) => road.cut(page, calls.challenge), 'We could not reach Raxx Support.'],
  ['a passkey that is not known', (page) => road.refused(page, calls.session, 401, 'unauthenticated'), 'We do not know this passkey.'],
  ['maintenance', (page) => road.refused(page, calls.session, 503, 'maintenance'), 'Support is being worked on'],
] as [string, (page: import('@playwright/test').Page) => ReturnType<typeof road.cut>, string][]) {
  test(`sign-in that meets ${what} says so and works at the next try`, async ({ customer }) => {
    const { page } = customer;
    await signOut(page);
    await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
    const event = await disturb(page);
    await signIn(page);
    await event.wasMet();
    await expect(page.getByText(words).first()).toBeVisible();
    await signIn(page);
    await arriveAtList(page);
  });
}

test.describe('where the browser offers passkeys in a field', () => {
  test.use({ autofill: true });
  test('choosing one signs in without the button', async ({ customer }) => {
    const { page } = customer;
    await signOut(page);
    await arriveAtList(page);
  });
});

test('a double click signs in once', async ({ customer }) => {
  const { page } = customer;
  await signOut(page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).dblclick();
  await arriveAtList(page);
});

test('offline, sign-in says that it needs a connection', async ({ customer }) => {
  const { context, page } = customer;
  await signOut(page);
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
  await context.setOffline(true);
  await signIn(page);
  await expect(page.getByRole('main').getByText('You are offline. Connect to sign in; what you wrote is kept on this device.')).toBeVisible();
  await context.setOffline(false);
  await signIn(page);
  await arriveAtList(page);
});

test('a session that has run its time ends by itself and keeps the page and every word', async ({ visitor }) => {
  const { page } = visitor;
  await page.clock.install();
  const customer = await enrol(visitor, 'Ada Example');
  await openTicket(customer.page, demo.prices);
  await replyBox(page).fill('Not finished');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  // Nobody touches anything for four hours, so nothing renews it.
  await page.clock.fastForward('04:01:00');
  const dialog = page.getByRole('dialog', { name: 'Your session has ended.' });
  await expect(dialog).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  await expect(replyBox(page)).toHaveValue('Not finished');
});

test('a session that ends leaves what is shown as it is, also what has no address', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/my-data');
  await page.getByRole('button', { name: 'Open the printable view' }).click();
  await expect(page.getByText('two price updates')).toBeVisible();
  await endSession(page);
  await page.getByRole('button', { name: /Check now$/ }).click();
  await expect(page.getByRole('dialog', { name: 'Your session has ended.' })).toBeVisible();
  await expect(page.getByText('two price updates')).toBeVisible();
  await signInAgain(page);
  await expect(page.getByText('two price updates')).toBeVisible();
});

test('a session that was ended on another device is noticed without a press', async ({ customer }) => {
  const { page } = customer;
  await endSessionElsewhere(page);
  await expect(page.getByRole('dialog', { name: 'Your session has ended.' })).toBeVisible();
});

test('the dialog of an ended session cannot be dismissed, and its page is out of reach', async ({ customer }) => {
  const { page } = customer;
  await endSession(page);
  await page.getByRole('button', { name: /Check now$/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session has ended.' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Sign in again' })).toBeVisible();
});

test('somebody else signs in where a session ended: they see nothing of the other', async ({ customer, visitor }) => {
  const { page, authenticator } = customer;
  await page.goto('/tickets/new');
  await fillTicket(page, 'Adas own words', 'Nobody else’s.');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  // Another customer's passkey, in place of the first one's.
  await enrol(visitor, 'Berta Example');
  await authenticator.replaceBy(visitor.authenticator);
  await endSession(page);
  await page.getByRole('button', { name: /Check now$/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session has ended.' });
  await dialog.getByRole('button', { name: 'Sign in again' }).click();
  await expect(dialog).toContainText('You signed in as Berta Example, but this page was open for Ada Example.');
  await dialog.getByRole('button', { name: 'Continue as Berta Example' }).click();
  await arriveAtList(page);
  await page.goto('/tickets/new');
  await expect(page.getByRole('heading', { level: 1, name: 'New ticket' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue('');
});

test('a press before the program is there is not lost', async ({ customer }) => {
  const { page } = customer;
  await signOut(page);
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
  const slow = await road.slow(page, { method: 'GET', path: /\/assets\/sign-in-[^/]*\.wasm$/ });
  await page.goto('/sign-in', { waitUntil: 'commit' });
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await slow.wasMet();
  await arriveAtList(page);
});

test('signing out revokes the token, clears the page, and says so', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  const bearer = await token(page);
  await signOut(page);
  await expect(page.getByText('You are signed out. Nothing of yours is left on this device.').first()).toBeVisible();
  await expect(tickets(page)).toHaveCount(0);
  // The device comes first; the server is told meanwhile.
  const answer = () => page.request.get('/api/v1/support/tickets', { headers: { authorization: `Bearer ${bearer}` } });
  await expect.poll(async () => (await answer()).status()).toBe(401);
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
});

test('offline, signing out still forgets everything here', async ({ customer }) => {
  const { context, page } = customer;
  await context.setOffline(true);
  await signOut(page);
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});
