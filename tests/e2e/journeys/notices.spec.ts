import type { Page } from '@playwright/test';
import { arriveAtList, endSession, expect, signInAgain, test } from '../support/journey';
import { notices, noticesInForm, published } from '../support/notices';
import { announced } from '../support/portal';
import { calls, road } from '../support/road';

// Notices are an extra: what the team knows is said to those who are about to write, and nothing waits for it.

test('an incident is said above the list and in full above the form, and can be hidden', async ({ customer }) => {
  const { page } = customer;
  await published(page);
  await page.reload();
  await arriveAtList(page);
  await expect(notices(page)).toContainText('Fills arrive late');
  await expect(notices(page)).not.toContainText('We know, and are working on it.');
  await expect(announced(page)).toContainText('Fills arrive late');
  await page.getByRole('link', { name: 'New ticket' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'New ticket' })).toBeVisible();
  // The list beside the form has its own.
  const inForm = noticesInForm(page);
  await expect(inForm).toContainText('We know, and are working on it.');
  await inForm.getByRole('button', { name: 'Hide this notice' }).first().click();
  await expect(page.getByText('Fills arrive late')).toHaveCount(0);
  await expect(inForm).toContainText('Back on Monday');
  await page.goBack();
  await arriveAtList(page);
  await expect(notices(page)).toContainText('Back on Monday');
  await expect(notices(page)).not.toContainText('Fills arrive late');
});

for (const [what, disturb] of [
  ['refused with 500', (page) => road.refused(page, calls.notices, 500, 'internal')],
  ['refused with 429', (page) => road.refused(page, calls.notices, 429, 'rate_limited')],
  ['answered by something in between', (page) => road.broken(page, calls.notices)],
  ['cut off', (page) => road.cut(page, calls.notices)],
  ['slow', (page) => road.slow(page, calls.notices, 5_000)],
] as [string, (page: Page) => ReturnType<typeof road.cut>][]) {
  test(`notices that are ${what} keep nobody from anything`, async ({ customer }) => {
    const { page } = customer;
    const event = await disturb(page);
    await page.reload();
    await arriveAtList(page);
    await event.wasMet();
    await expect(notices(page)).toHaveCount(0);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.getByRole('link', { name: 'New ticket' }).click();
    await expect(page.getByRole('textbox', { name: 'Subject' })).toBeEditable();
    expect(await page.locator('.note.failed, .toasts li').count()).toBe(0);
  });
}

test('after the session has ended, notices come when the customer has signed in again', async ({ customer }) => {
  const { page } = customer;
  await endSession(page);
  await page.getByRole('button', { name: /Check now$/ }).click();
  await expect(page.getByRole('dialog', { name: 'Your session has ended.' })).toBeVisible();
  await published(page);
  await signInAgain(page);
  await expect(notices(page)).toContainText('Fills arrive late');
});
