import type { Page } from '@playwright/test';
import { expect, isThePortal, test } from '../support/journey';
import { demo, openTicket } from '../support/portal';

// Presses whatever can be pressed, one after the other, on every page. Nothing may break: no error in the console, no violation of a
// policy, no request elsewhere (the journey's watch sees to these), and the app must stay alive.

// The link past the bar is seen only with the focus; the journeys by keyboard press it.
// Of the tickets of a list, two stand for all.
const pressable = 'a:not([target=_blank], .skip-link, .row:nth-child(n+3) a), button:not([aria-disabled=true]), summary, input[type=radio], select, [role=button]';

async function pressEverything(page: Page, arrive: () => Promise<void>): Promise<number> {
  test.slow();
  await arrive();
  await isThePortal(page);
  // Only what can be seen: what is hidden would take its number as soon as something before it goes.
  const seen = page.locator(pressable).filter({ visible: true });
  const count = await seen.count();
  let pressed = 0;
  for (let index = 0; index < count; index += 1) {
    const element = seen.nth(index);
    if ((await element.count()) === 0) break;
    const label = await element.evaluate((it) => `${it.tagName} ${it.getAttribute('aria-label') ?? it.textContent ?? ''}`.slice(0, 80));
    if (/Sign out|Print|Attach files/.test(label)) continue;
    const address = page.url();
    if (/^SELECT/.test(label)) {
      for (let option = (await element.locator('option').count()) - 1; option >= 0; option -= 1) await element.selectOption({ index: option });
    } else {
      await element.click({ timeout: 5_000 });
    }
    pressed += 1;
    await expect(page.locator('#crashed'), label).toBeHidden();
    if (await page.getByRole('dialog').count()) await page.keyboard.press('Escape');
    if (page.url() !== address || (await page.getByRole('dialog').count())) {
      await arrive();
      // What stands there until then has other elements, which cannot be pressed.
      await isThePortal(page);
    }
  }
  return pressed;
}

test('everything on the list and in the bar', async ({ customer }) => {
  const { page } = customer;
  await page.evaluate(() => (window.print = () => undefined));
  const pressed = await pressEverything(page, async () => {
    await page.goto('/tickets');
    await expect(page.locator('.rows a').first()).toBeVisible();
  });
  // The name, the connection, a new ticket, the account, four tabs, the order, two tickets.
  expect(pressed).toBeGreaterThanOrEqual(11);
});

test('everything on a ticket', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.fills);
  const address = page.url();
  const pressed = await pressEverything(page, async () => {
    await page.goto(address);
    await expect(page.locator('.message').first()).toBeVisible();
  });
  expect(pressed).toBeGreaterThan(12);
});

test('everything on a new ticket', async ({ customer }) => {
  const { page } = customer;
  const pressed = await pressEverything(page, async () => {
    await page.goto('/tickets/new');
    await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeVisible();
  });
  expect(pressed).toBeGreaterThan(12);
});

for (const [address, least] of [
  ['/settings', 9],
  ['/my-data', 6],
] as const) {
  test(`everything on ${address}`, async ({ customer }) => {
    const { page } = customer;
    const pressed = await pressEverything(page, async () => {
      await page.goto(address);
      await page.evaluate(() => localStorage.setItem('raxx.language', 'en'));
      await expect(page.locator('h1')).toBeVisible();
    });
    expect(pressed).toBeGreaterThanOrEqual(least);
  });
}
