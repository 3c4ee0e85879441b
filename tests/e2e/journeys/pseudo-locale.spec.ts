import type { Page } from '@playwright/test';
import { join } from 'node:path';
import { endSession, expect, test } from '../support/journey';
import { demo } from '../support/portal';
import { always, calls, fate } from '../support/road';
import { root } from '../support/system';

// English that is longer, accented and in brackets, ⟦…⟧. What a customer reads, or hears of a control, has them, or was never translated.

const tag = 'en-XA';

/** What comes from people, from the server or from the browser's own knowledge of languages, and has no brackets. */
const notOurs = [
  'bdi',
  'time',
  '.rich-text',
  '.avatar',
  '.mark-name',
  '.file-size',
  '.day',
  '.details dl',
  '.demo-enrolment',
  'option[lang]',
  '#topic option:not([value=""])',
  // The fields of a topic are the desk's.
  '.new-ticket .field:not(.editor, #ticket-files, :has(> #topic), :has(> #subject))',
  // What is said may have been said before the language was there.
  '[aria-live]',
  '.account > p.hint',
  'script, style, noscript, template',
].join(', ');

/** Nobody speaks it, so it is not shipped: the build leaves it aside, and it is put in place here. */
async function speak(page: Page): Promise<void> {
  await page.route(`**/assets/${tag}-*.json`, (route) => route.fulfill({ path: join(root, `target/xtask/prerendered/pseudo/${tag}.json`) }));
  await page.addInitScript((language) => {
    // An empty page, before any address, has no storage.
    if (location.protocol === 'http:') localStorage.setItem('raxx.language', language);
  }, tag);
}

async function arrive(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.locator('html')).toHaveAttribute('lang', tag);
  await expect(page.locator('h1')).toBeVisible();
  await expect(page.locator('#app')).not.toHaveAttribute('aria-busy');
}

/** Every text and every label that is shown has been translated. */
async function isTranslated(page: Page, state: string): Promise<void> {
  const plain = await page.evaluate((notOurs) => {
    const isWorded = (text: string | null): text is string => /\p{L}{3}/u.test(text ?? '') && !/[⟦⟧]/.test(text ?? '');
    const found: string[] = [];
    for (const element of document.body.querySelectorAll('*')) {
      if (element.closest(notOurs) || !element.checkVisibility()) continue;
      for (const node of element.childNodes) {
        if (node.nodeType === Node.TEXT_NODE && isWorded(node.nodeValue)) found.push(`${element.tagName}.${element.className}: ${node.nodeValue}`);
      }
      for (const name of ['aria-label', 'aria-description', 'placeholder', 'title', 'alt']) {
        const text = element.getAttribute(name);
        if (isWorded(text)) found.push(`${element.tagName}.${element.className} ${name}: ${text}`);
      }
    }
    return found;
  }, notOurs);
  expect.soft(plain, state).toEqual([]);
  expect.soft(await page.title(), `${state}, title`).toContain('⟦');
}

test('signing in is translated, and so is what it says when it does not work', async ({ visitor }) => {
  const { page, authenticator } = visitor;
  await speak(page);
  await arrive(page, '/sign-in');
  await expect(page.locator('.skip-link')).toBeAttached();
  await isTranslated(page, 'sign-in');
  await authenticator.accept(false);
  await page.locator('.passkey-form button').click();
  await expect(page.locator('.passkey-form .note.failed')).toBeVisible();
  await isTranslated(page, 'sign-in cancelled');
});

test('the list, the menu and every page are translated', async ({ customer }) => {
  const { page } = customer;
  await speak(page);
  for (const address of ['/tickets', '/tickets?status=resolved', '/tickets?q=zeppelin', '/tickets/new', '/settings', '/my-data']) {
    await arrive(page, address);
    await expect(page.locator('[class^=skeleton]')).toHaveCount(0);
    await isTranslated(page, address);
  }
  await arrive(page, '/tickets');
  await page.locator('#account-button').click();
  await expect(page.locator('#account-menu')).toBeVisible();
  await isTranslated(page, 'account menu');
  await always(page, calls.list, fate.refused(500, 'internal'));
  await arrive(page, '/tickets?sort=newest');
  await expect(page.locator('.list-pane .empty-state')).toBeVisible();
  await isTranslated(page, 'list that failed');
});

test('a thread is translated, with everything that is folded away in it and said about it', async ({ customer }) => {
  const { page } = customer;
  await speak(page);
  await arrive(page, '/tickets');
  await page.locator('.rows a').filter({ hasText: demo.fills }).click();
  await expect(page.locator('#reply-body')).toBeVisible();
  for (const folded of await page.locator('.thread summary').all()) await folded.click();
  await page.locator('#reply-body').fill('**bold** words');
  await expect(page.locator('.preview')).toBeVisible();
  await isTranslated(page, 'thread');
  await page.locator('.thread-actions .button').click();
  await expect(page.locator('.toast')).toBeVisible();
  await expect(page.locator('#rating-title')).toBeVisible();
  await isTranslated(page, 'resolved thread with a toast');
});

test('dialogs are translated', async ({ customer }) => {
  const { page } = customer;
  await speak(page);
  const dialog = page.locator('dialog[open]');
  await arrive(page, '/tickets/new');
  await page.locator('#subject').fill('Zeppelins');
  await page.locator('.new-ticket .tools .button.quiet').click();
  await expect(dialog).toBeVisible();
  await isTranslated(page, 'question before discarding');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.locator('.new-ticket .saved')).toContainText(/\d\d:\d\d/);

  await arrive(page, '/my-data');
  await page.locator('section[aria-labelledby=device-title] > .button').click();
  await expect(dialog).toBeVisible();
  await isTranslated(page, 'question before deleting from the device');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  await page.locator('#account-button').click();
  await page.locator('#account-menu .menu-item').click();
  await expect(dialog).toBeVisible();
  await isTranslated(page, 'question before signing out');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  await endSession(page);
  await page.locator('.bar .live').click();
  await expect(page.locator('dialog.expired[open]')).toBeVisible();
  await isTranslated(page, 'ended session');
});
