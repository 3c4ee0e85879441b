import { arriveAtList, enrol, expect, signIn, signOut, test } from '../support/journey';
import { beAway, choose, isOffered, waitForChoices } from '../support/passkey';
import { calls, counted, road } from '../support/road';

// Signing in takes its time: the field waits for as long as the page is open, and a prompt for as long as nobody answers it.

// Or the fixture would say that there are no passkeys in fields.
test.use({ autofill: true });

test('a passkey can be chosen in the field however long the page has been open', async ({ visitor }) => {
  const { page } = visitor;
  await page.clock.install();
  await waitForChoices(page);
  await enrol(visitor, 'Ada Example');
  const challenges = counted(page, calls.challenge);
  await signOut(page);
  await isOffered(page);
  expect(challenges.happened).toBe(1);
  // A challenge is accepted for five minutes.
  await page.clock.fastForward('00:05:10');
  await expect.poll(() => challenges.happened, 'there is a new challenge').toBe(2);
  await isOffered(page);
  await choose(page);
  await arriveAtList(page);
});

test('after an attempt that failed, a passkey can still be chosen in the field', async ({ visitor }) => {
  const { page } = visitor;
  await waitForChoices(page);
  await enrol(visitor, 'Ada Example');
  await signOut(page);
  await isOffered(page);
  const refused = await road.refused(page, calls.session, 401, 'unauthenticated');
  await signIn(page);
  await refused.wasMet();
  await expect(page.getByRole('alert').filter({ hasText: 'We do not know this passkey.' })).toBeVisible();
  // It is said once: where it is shown.
  await expect(page.getByText('We do not know this passkey.')).toHaveCount(1);
  await isOffered(page);
  await choose(page);
  await arriveAtList(page);
});

test('a prompt that nobody answers ends with its challenge, and says that it took too long', async ({ visitor }) => {
  const { page } = visitor;
  await page.clock.install();
  await waitForChoices(page);
  await enrol(visitor, 'Ada Example');
  await signOut(page);
  await isOffered(page);
  await beAway(page, true);
  await signIn(page);
  await expect(page.getByText('Your device is asking for your fingerprint, face or PIN.')).toBeVisible();
  await page.clock.fastForward('00:05:10');
  await expect(page.getByRole('alert').filter({ hasText: 'Sign-in was cancelled, or took too long.' })).toBeVisible();
  await beAway(page, false);
  await signIn(page);
  await arriveAtList(page);
});

test('a passkey that is chosen after the device has slept is not said to be unknown', async ({ visitor }) => {
  const { page } = visitor;
  await page.clock.install();
  await waitForChoices(page);
  await enrol(visitor, 'Ada Example');
  await signOut(page);
  await isOffered(page);
  await beAway(page, true);
  await signIn(page);
  await expect(page.getByText('Your device is asking for your fingerprint, face or PIN.')).toBeVisible();
  await isOffered(page);
  const answers = counted(page, calls.session);
  // While a device sleeps its clock goes on, and no timer does.
  await page.clock.setSystemTime(new Date(Date.now() + 10 * 60_000));
  await choose(page);
  await expect(page.getByRole('alert').filter({ hasText: 'Sign-in was cancelled, or took too long.' })).toBeVisible();
  expect(answers.happened).toBe(0);
  await beAway(page, false);
  await signIn(page);
  await arriveAtList(page);
});

test('what goes wrong with signing in again is said within the dialog, as everything beside it is inert', async ({ visitor }) => {
  const { page } = visitor;
  await page.clock.install();
  await waitForChoices(page);
  await enrol(visitor, 'Ada Example');
  await page.clock.fastForward('04:01:00');
  const dialog = page.getByRole('dialog', { name: 'Your session has ended.' });
  await expect(dialog).toBeVisible();
  const refused = await road.refused(page, calls.challenge, 500, 'internal');
  await dialog.getByRole('button', { name: 'Sign in again' }).click();
  await refused.wasMet();
  await expect(dialog.getByRole('alert').filter({ hasText: 'We cannot sign you in at the moment.' })).toBeVisible();
});
