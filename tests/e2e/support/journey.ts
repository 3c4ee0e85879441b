import { test as base, expect, type Browser, type BrowserContext, type BrowserContextOptions, type Page, type Route, type TestInfo } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Authenticator } from './passkey';
import { always, calls } from './road';
import { edge, output } from './system';
import { Watch } from './watch';

/** Somebody in front of a browser of their own. */
export type Visitor = { context: BrowserContext; page: Page; authenticator: Authenticator; watch: Watch };
/** A visitor who has signed in. */
export type Customer = Visitor & { name: string };

type Fixtures = {
  /** How the browser is set up. */
  setting: BrowserContextOptions;
  /** Whether the browser offers passkeys in a field. The built-in provider chooses one at once, before anybody can press a button. */
  autofill: boolean;
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
 * no error in the console, no cookie, and no answer that names the help desk.
 */
export const test = base.extend<Fixtures>({
  setting: [{}, { option: true }],
  autofill: [false, { option: true }],
  visitor: async ({ browser, setting, autofill }, use) => withVisitor(browser, setting, autofill, use),
  customer: async ({ browser, setting, autofill }, use) =>
    withVisitor(browser, setting, autofill, async (visitor) => use(await enrol(visitor, 'Ada Example'))),
  otherCustomer: async ({ browser, setting, autofill }, use) =>
    withVisitor(browser, setting, autofill, async (visitor) => use(await enrol(visitor, 'Berta Example'))),
});

async function withVisitor(browser: Browser, setting: BrowserContextOptions, autofill: boolean, use: (visitor: Visitor) => Promise<void>) {
  const extraHTTPHeaders = { 'cf-connecting-ip': address() };
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], extraHTTPHeaders, ...setting });
  const watch = await Watch.over(context);
  if (!autofill) {
    await context.addInitScript(() => {
      // An empty page, before any address, has no passkeys at all.
      if ('PublicKeyCredential' in window) PublicKeyCredential.isConditionalMediationAvailable = async () => false;
    });
  }
  const page = await context.newPage();
  const authenticator = await Authenticator.plugIn(page);
  await use({ context, page, authenticator, watch });
  // What is still on the road when a journey ends is nobody's. A page that has died answers no more.
  for (const open of context.pages()) await open.unrouteAll({ behavior: 'ignoreErrors' }).catch(() => undefined);
  await context.unrouteAll({ behavior: 'ignoreErrors' });
  const info = test.info();
  if (info.status !== info.expectedStatus) await info.attach('requests that failed', { body: watch.failures.join('\n'), contentType: 'text/plain' });
  expect(await context.cookies()).toEqual([]);
  await context.close();
  expect(await watch.verdict()).toEqual([]);
}

/** Everybody comes from an address of their own, as on the internet; sign-ins are limited by address. */
function address(): string {
  const group = () => Math.floor(Math.random() * 0x10000).toString(16);
  return `2001:db8:${group()}:${group()}::1`;
}

/** Creates a demo passkey and signs in with it. */
export async function enrol(visitor: Visitor, name: string): Promise<Customer> {
  const { page } = visitor;
  await page.goto('/');
  await page.getByLabel('Name of the demo customer').fill(name);
  await page.getByRole('button', { name: 'Create a demo passkey' }).click();
  await arriveAtList(page);
  return { ...visitor, name };
}

/** Signs in with the passkey that the browser already has. */
export async function signIn(page: Page): Promise<void> {
  // Only the running app has this link; the page that stands there before it is for the eyes.
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeAttached();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
}

/** Signs out by the account menu. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Your account/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
}

/** Waits until the list is there with its tickets. */
export async function arriveAtList(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: 'Your tickets' })).toBeVisible();
  await expect(tickets(page).first()).toBeVisible();
  await isThePortal(page);
}

/** What is shown is the portal, and not only how it looked before a reload. */
export async function isThePortal(page: Page): Promise<void> {
  await expect(page.locator('#app')).not.toHaveAttribute('aria-busy');
}

/** The tickets of the list, as links. */
export function tickets(page: Page) {
  return page.getByRole('region', { name: 'Your tickets' }).locator('.rows').getByRole('link');
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

/**
 * Ends the session behind the browser's back: its next call is refused, as it is when the token has run out. The page does not learn of it
 * by its stream of events, so that it is what the journey presses next that meets the refusal.
 */
export async function endSession(page: Page): Promise<void> {
  const authorization = await authorized(page);
  const ofThisSession = (route: Route) => route.request().headers().authorization === authorization;
  await always(page, calls.events, (route) => (ofThisSession(route) ? route.abort('connectionreset') : route.fallback()));
  await endSessionElsewhere(page);
}

/** Ends the session as another device does. The page may learn of it at any time. */
export async function endSessionElsewhere(page: Page): Promise<void> {
  const ended = await fetch(`${edge}/api/v1/auth/session`, { method: 'DELETE', headers: { authorization: await authorized(page) } });
  expect(ended.status).toBe(204);
}

const authorized = async (page: Page) => `Bearer ${await token(page)}`;

/** Signs in again where the session has ended, on top of the page. */
export async function signInAgain(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Your session has ended.' });
  await dialog.getByRole('button', { name: 'Sign in again' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
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
