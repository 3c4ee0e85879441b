import type { Page } from '@playwright/test';
import { expect, test } from '../support/journey';
import { demo, message, openTicket } from '../support/portal';
import { always, calls, fate } from '../support/road';

// A picture within the text is fetched when its ticket is opened. When it does not come, the text around it is there all the same.

const withPicture = (page: Page) => message(page, 'Is it this number?');
const picture = (page: Page) => withPicture(page).getByRole('button', { name: /^Open the image/ });
const lost = (page: Page) => withPicture(page).getByText('The image could not be loaded.');

/** Opens it in full and sees that it is drawn. */
async function lookAt(page: Page): Promise<void> {
  await picture(page).click();
  const shown = page.getByRole('dialog').getByRole('img');
  await expect(shown).toBeVisible();
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await page.getByRole('dialog').getByRole('button', { name: 'Close the image' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(picture(page)).toBeFocused();
}

for (const [what, meets] of [
  ['refused with 404', () => fate.refused(404, 'not_found')],
  ['refused with 429', () => fate.refused(429, 'rate_limited', {}, { 'retry-after': '3' })],
  ['refused with 500', () => fate.refused(500, 'internal')],
  ['answered by something in between', () => fate.broken()],
  ['cut off', () => fate.cut()],
] as const) {
  test(`a picture that is ${what} says so in its place, and comes when it is asked for again`, async ({ customer }) => {
    const { page } = customer;
    const event = await always(page, calls.download, meets());
    await openTicket(page, demo.margin);
    await event.wasMet();
    await expect(lost(page)).toBeVisible();
    await expect(withPicture(page)).toContainText('Is it this number?');
    // As long as it does not come, trying again says so again.
    const before = event.happened;
    await withPicture(page).getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => event.happened).toBeGreaterThan(before);
    await expect(lost(page)).toBeVisible();
    await event.isOver();
    await withPicture(page).getByRole('button', { name: 'Try again' }).click();
    await expect(lost(page)).toHaveCount(0);
    await lookAt(page);
  });
}

test('a slow picture keeps its place until it is there', async ({ customer }) => {
  const { page } = customer;
  const slow = await always(page, calls.download, fate.slow(2_000));
  await openTicket(page, demo.margin);
  await expect(withPicture(page).getByRole('img', { name: 'Loading the image' })).toBeVisible();
  await expect(picture(page)).toHaveCount(0);
  await slow.wasMet();
  await expect(picture(page)).toBeVisible();
  await lookAt(page);
});

test('offline, a picture that was never there says so, and comes when there is a connection again', async ({ customer }) => {
  const { context, page } = customer;
  const event = await always(page, calls.download, fate.cut());
  await openTicket(page, demo.margin);
  await expect(lost(page)).toBeVisible();
  await event.isOver();
  await page.goBack();
  await context.setOffline(true);
  await openTicket(page, demo.margin);
  await expect(lost(page)).toBeVisible();
  await context.setOffline(false);
  await withPicture(page).getByRole('button', { name: 'Try again' }).click();
  await expect(lost(page)).toHaveCount(0);
  await lookAt(page);
});

test('offline, a picture that is there can be looked at in full', async ({ customer }) => {
  const { context, page } = customer;
  await openTicket(page, demo.margin);
  await expect(picture(page)).toBeVisible();
  await context.setOffline(true);
  await expect(page.locator('.banner.offline')).toBeVisible();
  await lookAt(page);
  await context.setOffline(false);
});
