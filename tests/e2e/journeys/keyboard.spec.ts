import { opensOnce, arrivesOnce } from '../support/helpdesk';
import { email, expect, test } from '../support/journey';
import { announced, message, unique } from '../support/portal';
import type { Locator, Page } from '@playwright/test';

/** Goes on by Tab until something has the focus. Every stop on the way has to show that it has it. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let stops = 0; stops < 80; stops += 1) {
    if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const box = element.getBoundingClientRect();
      // A field without a frame of its own shows the focus on the frame that it stands in.
      const frames = [element, element.closest('.reply-box')].filter((frame) => frame !== null);
      const marked = frames.some((frame) => {
        const style = getComputedStyle(frame);
        return style.boxShadow !== 'none' || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0);
      });
      return { what: element.outerHTML.slice(0, 120), body: element === document.body, marked, width: box.width };
    });
    if (!stop.body) {
      expect(stop.marked, `the focus shows on ${stop.what}`).toBe(true);
      expect(stop.width, `there is something to see of ${stop.what}`).toBeGreaterThan(0);
    }
  }
  throw new Error(`no way by Tab to ${target}`);
}

test('from sign-in over a new ticket and a reply to resolved, by keyboard alone', async ({ visitor }) => {
  const { page } = visitor;
  await page.goto('/');
  const name = page.getByLabel('Name of the demo customer');
  await expect(name).toBeVisible();
  await tabTo(page, name);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Kim Keys');
  await tabTo(page, page.getByRole('button', { name: 'Create a demo passkey' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Your tickets' })).toBeVisible();
  // Soft: the journey goes on, so that one run says all that is wrong on the way.
  await expect.soft(page.getByRole('heading', { level: 1, name: 'Your tickets' })).toBeFocused();
  await expect.soft(announced(page)).toContainText('page opened');

  await tabTo(page, page.getByRole('link', { name: 'New ticket' }).first());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'New ticket' })).toBeVisible();
  await expect.soft(page.getByRole('heading', { level: 1, name: 'New ticket' })).toBeFocused();
  const subject = unique('By keyboard');
  await tabTo(page, page.getByRole('textbox', { name: 'Subject' }));
  await page.keyboard.type(subject);
  await tabTo(page, page.getByRole('textbox', { name: 'Message' }));
  await page.keyboard.type('No mouse was used.');
  await tabTo(page, page.getByRole('button', { name: 'Send ticket' }));
  await page.keyboard.press('Space');
  await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible();
  await expect.soft(page.getByRole('heading', { level: 1, name: subject })).toBeFocused();
  const id = await opensOnce(await email(page), subject);

  const words = unique('One more line');
  await tabTo(page, page.getByRole('textbox', { name: 'Your reply' }));
  await page.keyboard.type(words);
  await page.keyboard.press('Control+Enter');
  await expect(message(page, words)).toBeVisible();
  await expect.soft(page.getByRole('textbox', { name: 'Your reply' })).toBeFocused();
  await arrivesOnce(id, words);

  await page.keyboard.press('Control+Home');
  await page.getByRole('heading', { level: 1, name: subject }).focus();
  await tabTo(page, page.getByRole('button', { name: 'Mark as resolved' }));
  await page.keyboard.press('Enter');
  await expect(page.locator('.gauge')).toContainText('Resolved');
});

test('the skip link leads past the bar to the content', async ({ customer }) => {
  const { page } = customer;
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Your tickets' })).toBeVisible();
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await tabTo(page, skip);
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.locator('#content')).toBeFocused();
});

test('arrow keys move through the list, and Enter opens', async ({ customer }) => {
  const { page } = customer;
  const links = page.locator('.rows a');
  await links.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(links.nth(1)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(links.first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/tickets\/tk_/);
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('the account menu opens, closes with Escape, and gives the focus back', async ({ customer }) => {
  const { page } = customer;
  const button = page.getByRole('button', { name: /^Your account/ });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'Settings', exact: true })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Settings', exact: true })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'Settings', exact: true })).toHaveCount(0);
  await expect(button).toBeFocused();
});

test('a dialog keeps the focus inside and gives it back', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/tickets/new');
  await page.getByRole('textbox', { name: 'Subject' }).fill('Something');
  const discard = page.getByRole('button', { name: 'Discard draft' });
  await discard.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  for (let stops = 0; stops < 6; stops += 1) {
    await page.keyboard.press('Tab');
    const inside = await dialog.evaluate((element) => element.contains(document.activeElement) || document.activeElement === document.body);
    expect(inside).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(discard).toBeFocused();
});
