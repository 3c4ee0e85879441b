import { expect, type Page } from '@playwright/test';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tests/e2e/support/system';

// How pictures are taken.

const everything = join(root, 'target/screens');
export const sizes = { phone: { width: 360, height: 780 }, tablet: { width: 768, height: 1024 }, desk: { width: 1440, height: 900 } };
export const themes = ['dark', 'light'] as const;

/** What stands in the repository. */
const shown = new Set([
  'sign-in-desk-dark', 'sign-in-phone-light', 'list-phone-dark', 'list-desk-dark', 'reply-desk-dark', 'thread-desk-dark', 'thread-desk-light',
  'thread-phone-dark', 'new-ticket-desk-light', 'new-ticket-phone-dark', 'nothing-found-desk-dark', 'desk-down-desk-light',
  'expired-desk-dark', 'offline-desk-dark', 'german-desk-dark',
]);

/** Takes a picture of what is shown, which must be whole unless it is meant to be still on its way. */
export async function picture(page: Page, name: string, comes = false): Promise<void> {
  // What is still coming would make two runs differ: a part of the page, a font, what has just been scrolled into view.
  if (!comes) await expect(page.locator('.bone')).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(sideways, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
  mkdirSync(everything, { recursive: true });
  const path = join(everything, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  if (shown.has(name)) copyFileSync(path, join(__dirname, `${name}.png`));
}

/** Waits until no note is shown. */
export async function dismissToasts(page: Page): Promise<void> {
  await expect(page.locator('.toast')).toHaveCount(0, { timeout: 15_000 });
}

/** Rows are there, or the words that say why there are none. */
export async function arriveAtRows(page: Page): Promise<void> {
  await expect(page.locator('.rows, .empty-state').first()).toBeVisible();
}
