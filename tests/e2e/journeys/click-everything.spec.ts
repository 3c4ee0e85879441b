import { expect, isThePortal, test, type Visitor } from '../support/journey';
import { demo, openTicket } from '../support/portal';

// Presses whatever can be pressed, one after the other, on every page. Nothing may break: no error in the console, no violation of a
// policy, no request elsewhere (the journey's watch sees to these), no file that is missing and no call that is refused, and the app must
// stay alive.

// The link past the bar is seen only with the focus; the journeys by keyboard press it.
// Of the tickets of a list, two stand for all.
const pressable = 'a:not([target=_blank], .skip-link, .row:nth-child(n+3) a), button:not([aria-disabled=true]), summary, input[type=radio], select, [role=button]';

async function pressEverything({ page, watch }: Visitor, arrive: () => Promise<void>, butFor = /^$/): Promise<number> {
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
    // What makes a demo passkey is there on development systems alone.
    if (/Sign out|Print|Attach files|Create a demo passkey/.test(label) || butFor.test(label)) continue;
    const address = page.url();
    if (/^SELECT/.test(label)) {
      for (let option = (await element.locator('option').count()) - 1; option >= 0; option -= 1) await element.selectOption({ index: option });
    } else {
      await element.click({ timeout: 5_000 }).catch(async (error: unknown) => {
        // What was pressed before may have taken it away meanwhile, as a rating that is given takes its form.
        if (await element.count()) throw error;
      });
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
  // What a page asked for that was left meanwhile is called off, and nobody else opens twenty streams in a minute. Everything else has to
  // be answered, and well.
  const expected = /^(net::ERR_ABORTED |429 GET .*\/events$)/;
  expect(watch.failures.filter((failure) => !expected.test(failure))).toEqual([]);
  return pressed;
}

test('everything on the list and in the bar', async ({ customer }) => {
  const { page } = customer;
  await page.evaluate(() => (window.print = () => undefined));
  const pressed = await pressEverything(customer, async () => {
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
  const pressed = await pressEverything(customer, async () => {
    await page.goto(address);
    await expect(page.locator('.message').first()).toBeVisible();
  });
  expect(pressed).toBeGreaterThan(12);
});

test('everything on a resolved ticket', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/tickets?status=resolved');
  await openTicket(page, demo.invoice);
  const address = page.url();
  const arrive = async () => {
    await page.goto(address);
    await expect(page.locator('.message').first()).toBeVisible();
    await expect(page.locator('#reply-body')).toBeVisible();
  };
  // Once it is open again there is no rating to press.
  const pressed = await pressEverything(customer, arrive, /Reopen/);
  expect(pressed).toBeGreaterThan(12);
  await page.getByRole('button', { name: 'Reopen' }).click();
  await expect(page.locator('.gauge')).not.toContainText('Resolved');
});

test('everything on the sign-in page', async ({ visitor }) => {
  const { page, authenticator } = visitor;
  // The finger is not accepted, so that pressing leads nowhere else.
  await authenticator.accept(false);
  const pressed = await pressEverything(visitor, async () => {
    await page.goto('/sign-in');
    // Only the running app has this link; the page that stands there before it is for the eyes.
    await expect(page.getByRole('link', { name: 'Skip to content' })).toBeAttached();
    await expect(page.getByRole('button', { name: 'Create a demo passkey' })).toBeVisible();
  });
  await expect(page.getByRole('main').getByText('Sign-in was cancelled')).toBeVisible();
  expect(pressed).toBeGreaterThanOrEqual(1);
});

test('everything on a new ticket', async ({ customer }) => {
  const { page } = customer;
  const pressed = await pressEverything(customer, async () => {
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
    const pressed = await pressEverything(customer, async () => {
      await page.goto(address);
      await page.evaluate(() => localStorage.setItem('raxx.language', 'en'));
      // What stands there until the page's part has come has a heading as well, and nothing to press.
      await expect(page.locator('h1')).toBeVisible();
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
    });
    expect(pressed).toBeGreaterThanOrEqual(least);
  });
}
