import { test as base, expect, type Page, type TestInfo } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Authenticator } from './passkey';
import { output } from './system';
import { watch, type Offence } from './watch';

/** Somebody in front of a browser of their own. */
export type Visitor = { page: Page; authenticator: Authenticator; offences: Offence[] };
/** A visitor who has signed in. */
export type Customer = Visitor & { name: string };

type Fixtures = {
  /** A visitor without a passkey. */
  visitor: Visitor;
  /** A customer on their list of tickets. */
  customer: Customer;
  /** Another one, in another browser. */
  otherCustomer: Customer;
};

export { expect };

/**
 * A journey. Every page in it is watched, and in the end there must have been no request to another origin, no violation of a policy,
 * no error in the console, and no answer that names the help desk.
 */
export const test = base.extend<Fixtures>({
  visitor: async ({ browser }, use) => withVisitor(browser, use),
  customer: async ({ browser }, use) => withVisitor(browser, async (visitor) => use(await enrol(visitor, 'Ada Example'))),
  otherCustomer: async ({ browser }, use) => withVisitor(browser, async (visitor) => use(await enrol(visitor, 'Berta Example'))),
});

async function withVisitor(browser: import('@playwright/test').Browser, use: (visitor: Visitor) => Promise<void>) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const offences = await watch(page);
  const authenticator = await Authenticator.plugIn(page);
  await use({ page, authenticator, offences });
  await context.close();
  expect(offences).toEqual([]);
}

/** Creates a demo passkey and signs in with it. */
export async function enrol(visitor: Visitor, name: string): Promise<Customer> {
  const { page } = visitor;
  await page.goto('/');
  const nameField = page.getByLabel('Name of the demo customer');
  await expect(page.getByRole('button', { name: 'Create a demo passkey' })).toBeEnabled();
  if (await nameField.count()) await nameField.fill(name);
  await page.getByRole('button', { name: 'Create a demo passkey' }).click();
  await arriveAtList(page);
  return { ...visitor, name };
}

/** Signs in with the passkey that the browser already has. */
export async function signIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
}

/** Waits until the list is there with its tickets. */
export async function arriveAtList(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: 'Your tickets' })).toBeVisible();
  await expect(tickets(page).first()).toBeVisible();
}

/** The tickets of the list, as links. */
export function tickets(page: Page) {
  return page.locator('.rows .row__link');
}

/** The session's token, as the portal keeps it. */
export async function token(page: Page): Promise<string> {
  const found = await page.evaluate(() => {
    const kept = Object.keys(sessionStorage).map((key) => sessionStorage.getItem(key) ?? '');
    const match = kept.join('\n').match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);
    return match?.[0];
  });
  expect(found, 'a session token in sessionStorage').toBeTruthy();
  return found as string;
}

/** The e-mail address that the help desk knows the customer by, from the session's claims. */
export async function email(page: Page): Promise<string> {
  const claims = JSON.parse(Buffer.from((await token(page)).split('.')[1], 'base64url').toString());
  return claims.customer_email;
}

/** Keeps a picture of the page below `target/e2e/screens`, named by journey and step. */
export async function picture(page: Page, info: TestInfo, step: string): Promise<void> {
  const folder = join(output, 'screens');
  mkdirSync(folder, { recursive: true });
  const name = `${info.title} ${step}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  await info.attach(step, { path, contentType: 'image/png' });
}
