import type { Page } from '@playwright/test';
import { arriveAtList, expect, signOut, test, tickets } from '../support/journey';
import { program } from '../support/parts';
import { arriveAtTicket, demo, message, messages, openTicket, replyBox, sendButton, unique } from '../support/portal';
import { held } from '../support/road';

// Phones throw tabs away and load them again when they are looked at. The page is there at once, as it was left.

/** The place of the portal, as long as only the page's look stands there. */
const look = (page: Page) => page.locator('#app[aria-busy]');

/** What each frame showed, in order, without repetitions. */
async function watchFrames(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const shown: string[] = [];
    const frame = () => {
      const app = document.getElementById('app');
      const now = !app || app.querySelector('.gate')
        ? 'nothing yet'
        : app.hasAttribute('aria-busy')
          ? 'the look'
          : app.querySelector('[class^=skeleton]')
            ? 'a skeleton'
            : app.querySelector('.rows a, li.message')
              ? 'the page'
              : 'an empty page';
      if (shown.at(-1) !== now) shown.push(now);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Object.assign(window, { shownInFrames: shown });
  });
  return () => page.evaluate(() => (window as unknown as { shownInFrames: string[] }).shownInFrames);
}

test('a reload shows the list as it was before the program is there, and the list takes its place in one go', async ({ customer }) => {
  const { page } = customer;
  const frames = await watchFrames(page);
  const rows = await tickets(page).allInnerTexts();
  const letGo = await held(page, program);
  await page.reload();
  await expect(look(page)).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Your tickets' })).toBeVisible();
  await expect(page).toHaveTitle(/Your tickets/);
  expect(await tickets(page).allInnerTexts()).toEqual(rows);
  // What cannot do anything yet says so, and takes no words.
  expect(await look(page).locator('button:enabled, input:enabled, select:enabled, textarea:enabled').count()).toBe(0);
  letGo();
  await arriveAtList(page);
  await expect(page.getByRole('button', { name: /^Your account/ })).toBeEnabled();
  expect(await frames()).toEqual(['nothing yet', 'the look', 'the page']);
});

test('a reload shows the ticket as it was, without what was being written, which comes with the portal', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.exitRule);
  const words = unique('Not sent yet');
  await replyBox(page).fill(words);
  await expect(page.getByText(/^Saved/)).toBeVisible();
  const frames = await watchFrames(page);
  const letGo = await held(page, program);
  await page.reload();
  await expect(look(page)).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: demo.exitRule })).toBeVisible();
  expect(await messages(page).count()).toBeGreaterThan(1);
  await expect(replyBox(page)).toBeDisabled();
  await expect(message(page, words)).toHaveCount(0);
  letGo();
  await arriveAtTicket(page, demo.exitRule);
  await expect(replyBox(page)).toHaveValue(words);
  await expect(sendButton(page)).toBeEnabled();
  expect(await frames()).toEqual(['nothing yet', 'the look', 'the page']);
});

test('a thread comes back where it was being read, and at its end when it was read there', async ({ customer }) => {
  const { page } = customer;
  await page.setViewportSize({ width: 390, height: 700 });
  await openTicket(page, demo.rollOver);
  // The first message in view, and where it begins.
  const reading = () =>
    page.evaluate(() => {
      const first = [...document.querySelectorAll('.message[id]')].find((message) => message.getBoundingClientRect().bottom > 0);
      return { id: first?.id, top: first?.getBoundingClientRect().top ?? 0 };
    });
  const isBack = async (before: { id?: string; top: number }) => {
    const now = await reading();
    return now.id === before.id && Math.abs(now.top - before.top) <= 2;
  };
  const below = () => page.evaluate(() => Math.round(document.documentElement.scrollHeight - innerHeight - scrollY));
  await expect.poll(below, 'it opens at its end').toBeLessThan(4);
  await page.reload();
  await arriveAtTicket(page, demo.rollOver);
  await expect.poll(below).toBeLessThan(4);

  await page.mouse.move(195, 350);
  await page.mouse.wheel(0, -2_000);
  // What has come into sight finds its height.
  await page.waitForTimeout(500);
  expect(await below()).toBeGreaterThan(1_500);
  const before = await reading();
  const letGo = await held(page, program);
  await page.reload();
  await expect(look(page)).toBeVisible();
  await expect.poll(() => isBack(before)).toBe(true);
  letGo();
  await arriveAtTicket(page, demo.rollOver);
  await page.waitForTimeout(500);
  expect(await isBack(before)).toBe(true);
});

test('whoever scrolls as soon as there is something to read is not scrolled back', async ({ customer }) => {
  const { page } = customer;
  await page.setViewportSize({ width: 390, height: 700 });
  await openTicket(page, demo.rollOver);
  // A page that is still being drawn is not kept.
  await expect(page.locator('.messages [aria-busy]')).toHaveCount(0);
  await page.addInitScript(() => {
    const watch = new MutationObserver(() => {
      if (!document.querySelector('#app[aria-busy] .message')) return;
      watch.disconnect();
      // Two frames later, as the first turn of a wheel would be.
      requestAnimationFrame(() => requestAnimationFrame(() => {
        window.dispatchEvent(new WheelEvent('wheel'));
        scrollTo({ top: 0, behavior: 'instant' });
      }));
    });
    watch.observe(document, { subtree: true, childList: true, attributes: true });
  });
  await held(page, program);
  await page.reload();
  await expect(look(page)).toBeVisible();
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test('the look has what was searched for, and the order that was chosen', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/tickets?status=all&q=invoice&sort=oldest');
  await arriveAtList(page);
  const search = page.getByRole('searchbox');
  const order = page.getByRole('combobox', { name: 'Sort by' });
  const chosen = await order.inputValue();
  const letGo = await held(page, program);
  await page.reload();
  await expect(look(page)).toBeVisible();
  await expect(search).toHaveValue('invoice');
  await expect(search).toBeDisabled();
  expect(await order.inputValue()).toBe(chosen);
  letGo();
  await arriveAtList(page);
  await expect(search).toHaveValue('invoice');
});

test('a link in the look leads where it says', async ({ customer }) => {
  const { page } = customer;
  const letGo = await held(page, program);
  await page.reload();
  await expect(look(page)).toBeVisible();
  await tickets(page).filter({ hasText: demo.prices }).click();
  await expect(page).toHaveURL(/\/tickets\/tk_/);
  letGo();
  await arriveAtTicket(page, demo.prices);
});

test('a tab that is hidden and thrown away comes back as it was', async ({ customer }) => {
  const { page } = customer;
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  });
  const kept = await page.evaluate(() => sessionStorage.getItem('raxx.look'));
  expect(kept).toContain(demo.exitRule);
  const letGo = await held(page, program);
  await page.reload();
  await expect(look(page)).toBeVisible();
  letGo();
  await arriveAtList(page);
});

/** Loads the list in a tab with these memories, and answers whether it showed how the list looked before the program was there. */
async function showsLook(page: Page, memories: Record<string, string>, address = '/tickets'): Promise<boolean> {
  const tab = await page.context().newPage();
  await tab.addInitScript((kept) => {
    if (location.protocol === 'http:') for (const [key, value] of Object.entries(kept)) sessionStorage.setItem(key, value);
  }, memories);
  const asked = tab.waitForRequest(program);
  const letGo = await held(tab, program);
  await tab.goto(address);
  await asked;
  // The script that draws it has run when it has asked for the module; the style is the last that it waits for.
  await tab.waitForFunction(() => [...document.styleSheets].some((sheet) => sheet.href?.includes('/assets/portal-')));
  await tab.waitForTimeout(300);
  const shows = await look(tab).isVisible();
  letGo();
  await tab.close();
  return shows;
}

test('the look is for the same customer, at the same address, in a session, and until anybody signs out', async ({ customer }) => {
  const { page } = customer;
  await page.reload();
  await arriveAtList(page);
  const memories = await page.evaluate(() => ({ ...sessionStorage }));
  expect(Object.keys(memories)).toContain('raxx.look');
  expect(await showsLook(page, memories)).toBe(true);
  expect(await showsLook(page, memories, '/tickets?status=all')).toBe(false);

  const session = JSON.parse(memories['raxx.session']);
  const changed = { ...session, customer: { ...session.customer, id: session.customer.id.replace(/.$/, (digit: string) => (digit === '7' ? '8' : '7')) } };
  expect(await showsLook(page, { ...memories, 'raxx.session': JSON.stringify(changed) })).toBe(false);

  // A tab that was closed and is opened again still has its memories. They are worth nothing.
  await signOut(page);
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
  expect(await page.evaluate(() => [sessionStorage.getItem('raxx.look'), localStorage.getItem('raxx.look')])).toEqual([null, null]);
  expect(await showsLook(page, memories)).toBe(false);
});

test('deleting what is kept on the device deletes how pages looked', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  await page.reload();
  await arriveAtTicket(page, demo.prices);
  expect(await page.evaluate(() => sessionStorage.getItem('raxx.look'))).toContain(demo.prices);
  await page.goto('/my-data');
  await page.getByRole('button', { name: 'Delete from this device' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => page.evaluate(() => sessionStorage.getItem('raxx.look'))).toBeNull();
});
