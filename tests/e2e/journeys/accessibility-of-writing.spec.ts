import { endSession, enrol, expect, signIn, signOut, test } from '../support/journey';
import { expectAccessible } from '../support/axe';
import { arriveAtTicket, attach, csv, demo, openTicket, reply, replyBox, toast } from '../support/portal';
import { calls, held, road } from '../support/road';

// What one meets while writing, rating and signing in and out: what is held, what failed, what is asked. In both themes, as every page.

test('signing in without a connection', async ({ customer }) => {
  const { context, page } = customer;
  await signOut(page);
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
  await context.setOffline(true);
  await signIn(page);
  await expect(page.getByRole('main').getByText('You are offline. Connect to sign in')).toBeVisible();
  await expectAccessible(page, 'sign-in offline');
  await context.setOffline(false);
});

test('signing in with a browser that has no passkeys', async ({ visitor }) => {
  const { page } = visitor;
  await page.addInitScript(() => void Reflect.deleteProperty(window, 'PublicKeyCredential'));
  await page.goto('/');
  await expect(page.getByRole('alert').getByRole('heading', { name: 'This browser cannot use passkeys.' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toHaveCount(0);
  await expectAccessible(page, 'sign-in unsupported');
});

test('a rating that fails, and one that is given', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/tickets?status=resolved');
  await openTicket(page, demo.invoice);
  const rating = page.getByRole('region', { name: 'How did we do?' });
  await rating.getByText('Not good', { exact: true }).click();
  await road.refused(page, calls.rate, 500, 'internal');
  await rating.getByRole('button', { name: 'Send rating' }).click();
  await expect(rating.locator('.note.failed')).toBeVisible();
  await expectAccessible(page, 'rating that failed');
  await rating.getByRole('button', { name: 'Send rating' }).click();
  await expect(rating).toContainText('Your rating: Not good');
  await expectAccessible(page, 'rating that was given');
});

test('a reply that is held, and a file on its way', async ({ customer }) => {
  const { context, page } = customer;
  await openTicket(page, demo.exitRule);
  const letGo = await held(page, /\/uploads\?/);
  await attach(page, csv());
  await expect(page.getByRole('progressbar', { name: 'Uploading fills.csv' })).toBeVisible();
  await expectAccessible(page, 'upload in progress');
  letGo();
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await context.setOffline(true);
  await replyBox(page).fill('From the train');
  await page.getByRole('button', { name: 'Send when online' }).click();
  await expect(page.locator('.note.held')).toContainText('Waiting for a connection');
  await expectAccessible(page, 'reply held offline');
  await page.locator('.note.held').getByRole('button', { name: 'Cancel' }).click();
  await context.setOffline(false);
});

test('two versions of a draft', async ({ customer }) => {
  const { context, page } = customer;
  await openTicket(page, demo.prices);
  const second = await context.newPage();
  await second.goto(page.url());
  await arriveAtTicket(second, demo.prices);
  await Promise.all([replyBox(page).fill('From the first tab'), replyBox(second).fill('From the second tab')]);
  await expect(page.getByRole('group', { name: 'Another tab has a different version of this draft.' })).toBeVisible();
  await page.bringToFront();
  await expectAccessible(page, 'two versions of a draft');
});

test('an empty reply, one that is too long, and what can be undone', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  await reply(page, '');
  await expect(page.getByText('Write something first.')).toBeVisible();
  await expectAccessible(page, 'reply that is empty');
  await replyBox(page).fill('x'.repeat(20_001));
  await expect(page.getByText('1 character too many')).toBeVisible();
  await expectAccessible(page, 'reply that is too long');
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await expect(toast(page, 'Draft discarded.')).toBeVisible();
  await page.getByRole('button', { name: 'Mark as resolved' }).click();
  await expect(toast(page, 'Marked as resolved.')).toBeVisible();
  await expect(page.locator('.toasts').getByRole('button', { name: 'Undo' })).toBeVisible();
  await expectAccessible(page, 'toast with something to do');
});

test('questions before something goes for good', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  await replyBox(page).fill('Not finished');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await signOut(page);
  const signingOut = page.getByRole('dialog', { name: 'Sign out and delete drafts?' });
  await expect(signingOut).toBeVisible();
  await expectAccessible(page, 'question before signing out');
  await signingOut.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.goto('/my-data');
  await page.getByRole('button', { name: 'Delete from this device' }).click();
  await expect(page.getByRole('dialog', { name: 'Delete drafts and last-seen tickets?' })).toBeVisible();
  await expectAccessible(page, 'question before deleting from the device');
});

test('somebody else signs in where a session ended', async ({ customer, visitor }) => {
  const { page, authenticator } = customer;
  await enrol(visitor, 'Berta Example');
  await authenticator.replaceBy(visitor.authenticator);
  await endSession(page);
  await page.getByRole('button', { name: /Check now$/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session has ended.' });
  await dialog.getByRole('button', { name: 'Sign in again' }).click();
  await expect(dialog).toContainText('You signed in as Berta Example, but this page was open for Ada Example.');
  await expectAccessible(page, 'somebody else’s passkey');
});
