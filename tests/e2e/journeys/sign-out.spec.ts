import type { Page } from '@playwright/test';
import { keptKeys } from '../support/database';
import { arriveAtList, expect, signOut, test } from '../support/journey';
import { demo, openTicket, replyBox, toast } from '../support/portal';
import { always, calls, counted, fate } from '../support/road';

// Signing out leaves nothing on the device, whatever becomes of the call that tells the server.

const isSignedOut = (page: Page) => expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible({ timeout: 10_000 });

for (const [what, happen] of [
  ['is not answered', fate.silent()],
  ['meets a server error', fate.refused(500, 'internal')],
  ['meets something in between', fate.broken(502)],
  ['is cut off', fate.cut()],
] as const) {
  test(`signing out that ${what} leaves nothing on this device, and the page at once`, async ({ customer }) => {
    const { context, page } = customer;
    const second = await context.newPage();
    await second.goto('/tickets');
    await arriveAtList(second);
    await page.bringToFront();
    await openTicket(page, demo.prices);
    await replyBox(page).fill('Not sent');
    await expect(page.getByText(/^Saved/)).toBeVisible();
    expect(await keptKeys(page)).not.toEqual([]);
    const event = await always(page, calls.signOut, happen);
    await signOut(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out and delete' }).click();
    // Sooner than the portal would give the answer up.
    await isSignedOut(page);
    await expect(toast(page, 'You are signed out. Nothing of yours is left on this device.')).toBeVisible();
    await isSignedOut(second);
    await event.wasMet();
    expect(await keptKeys(page)).toEqual([]);
    for (const tab of [page, second]) expect(await tab.evaluate(() => sessionStorage.length)).toBe(0);
    // Nor does a new tab find anybody.
    const third = await context.newPage();
    await third.goto('/tickets');
    await isSignedOut(third);
  });
}

test('a double click signs out once', async ({ customer }) => {
  const { page } = customer;
  const told = counted(page, calls.signOut);
  await page.getByRole('button', { name: /^Your account/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).dblclick();
  await isSignedOut(page);
  await expect(toast(page, 'You are signed out.')).toHaveCount(1);
  await expect.poll(() => told.happened).toBe(1);
});
