import { join } from 'node:path';
import { arriveAtList, expect, test } from '../support/journey';
import { demo, openTicket } from '../support/portal';
import { root } from '../support/system';

test('the theme follows the device until one is chosen, and stays chosen', async ({ customer }) => {
  const { page } = customer;
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await ground();
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await ground();
  expect(dark).not.toBe(light);
  await page.goto('/settings');
  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect.poll(ground).toBe(dark);
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  expect(await ground()).toBe(dark);
});

for (const [language, heading, file] of [
  ['Deutsch', 'Ihre Anfragen', 'de'],
  ['Español', 'Sus consultas', 'es'],
  ['Français', 'Vos demandes', 'fr'],
  ['Português', 'Os seus pedidos', 'pt'],
] as const) {
  test(`${language} is loaded when it is chosen, and no other language is`, async ({ customer }) => {
    const { page, watch } = customer;
    const loaded = () => watch.requests.filter((url) => /\/assets\/(de|es|fr|pt)[.-].*json/.test(url)).map((url) => (url.match(/assets\/(..)/) as RegExpMatchArray)[1]);
    await page.goto('/settings');
    expect(loaded()).toEqual([]);
    await page.getByRole('combobox', { name: 'Language' }).selectOption({ label: language });
    await expect(page.locator('html')).toHaveAttribute('lang', file);
    expect(new Set(loaded())).toEqual(new Set([file]));
    await page.goto('/tickets');
    await expect(page.getByRole('heading', { level: 1, name: heading, exact: true })).toBeVisible();
  });
}

test('a language that cannot be loaded leaves everything as it was', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/settings');
  await page.route(/\/assets\/de[.-].*json/, (route) => route.abort());
  await page.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Deutsch' });
  await expect(page.locator('.toasts')).toContainText('Deutsch could not be loaded.');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
});

test('times are written as one chooses', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/settings');
  await page.getByRole('radio', { name: '12 hours' }).check();
  await expect(page.getByText(/^For example \d{1,2}:\d\d\s?[ap]m$/i)).toBeVisible();
  await page.getByRole('radio', { name: '24 hours' }).check();
  await expect(page.getByText(/^For example \d\d:\d\d$/)).toBeVisible();
});

test('the density is kept', async ({ customer }) => {
  const { page } = customer;
  const height = async () => (await page.locator('.rows li').first().boundingBox())?.height ?? 0;
  const comfortable = await height();
  await page.goto('/settings');
  await page.getByRole('radio', { name: 'Compact' }).check();
  await page.goto('/tickets');
  await arriveAtList(page);
  expect(await height()).toBeLessThan(comfortable);
});

test.describe('a browser that asks for German', () => {
  test.use({ setting: { locale: 'de-AT' } });
  test('gets German without being asked', async ({ visitor }) => {
    const { page } = visitor;
    await page.goto('/');
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  });
});

for (const [tag, name] of [
  ['en-XA', 'a language that is longer and accented'],
  ['ar-XB', 'a language from right to left'],
] as const) {
  test(`in ${name} every text is translated, nothing is clipped, and nothing sticks out`, async ({ customer }) => {
    const { page } = customer;
    // Nobody speaks it, so it is not shipped: the build leaves it aside, and it is put in place here.
    await page.route(`**/assets/${tag}-*.json`, (route) => route.fulfill({ path: join(root, `target/xtask/prerendered/pseudo/${tag}.json`) }));
    await page.evaluate((language) => localStorage.setItem('raxx.language', language), tag);
    for (const address of ['/tickets', '/tickets?status=resolved', '/tickets/new', '/settings', '/my-data']) {
      await page.goto(address);
      await expect(page.locator('html')).toHaveAttribute('lang', tag);
      await expect(page.locator('html')).toHaveAttribute('dir', tag === 'ar-XB' ? 'rtl' : 'ltr');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      for (const width of [360, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        const out = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(out, `${address} at ${width} px`).toBeLessThanOrEqual(0);
        const clipped = await page.evaluate(() =>
          [...document.querySelectorAll<HTMLElement>('button, a.button, .tab, label > span, legend, h1, h2')]
            .filter((element) => element.offsetParent !== null && !element.closest('.visually-hidden') && element.clientWidth > 1)
            .filter((element) => getComputedStyle(element).overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1)
            .map((element) => element.outerHTML.slice(0, 100)),
        );
        expect(clipped, `${address} at ${width} px`).toEqual([]);
      }
      if (tag === 'en-XA') {
        const plain = await page.evaluate(() =>
          [...document.querySelectorAll<HTMLElement>('button, legend, label > span:first-child, h1, h2, .lead, .hint')]
            .filter((element) => element.offsetParent !== null && !element.querySelector('bdi') && !element.closest('.mark'))
            .map((element) => element.innerText.trim())
            .filter((text) => /^[A-Za-z][a-z]+ [a-z]+/.test(text)),
        );
        expect(plain, address).toEqual([]);
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto('/tickets');
    await page.getByText(demo.prices).first().click();
    await expect(page.locator('.message').first()).toBeVisible();
  });
}

test('settings reach every page at once', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/settings');
  await page.getByRole('radio', { name: 'Light' }).check();
  await page.goto('/tickets');
  await arriveAtList(page);
  await openTicket(page, demo.prices);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});
