import type { Page } from '@playwright/test';

// The files that the portal's program comes in.

/** The program that the list needs; everything else comes in parts. */
export const program = /\/assets\/portal-[0-9a-f]{12}\.wasm$/;

/** Every file of a part of the portal that a page needs. */
export const files = (page: string) => new RegExp(`/assets/part-([a-z_]+\\.)*${page}(\\.[a-z_]+)*-[0-9a-f]{12}\\.wasm$`);

/** What only the forms below a thread need. */
export const forms = /\/assets\/part-reply-[0-9a-f]{12}\.wasm$/;

/** Goes to a page by the account menu. */
export async function openAccount(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /^Your account/ }).click();
  await page.getByRole('link', { name, exact: true }).click();
}
