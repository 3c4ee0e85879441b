import type { Page } from '@playwright/test';
import { arriveAtList, expect, test } from '../support/journey';
import { openAccount } from '../support/parts';
import { demo, openTicket, replyBox, showTab } from '../support/portal';

// A window of 1,280 × 1,024 pixels at 400 % is one of 320 × 256. WCAG 2.2: 1.4.10 reflow, 1.4.12 text spacing, 2.4.11 focus not obscured.

const zoomed = { width: 320, height: 256 };

async function scrollsNoSideways(page: Page, state: string): Promise<void> {
  const out = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect.soft(out, `${state} scrolls sideways`).toBeLessThanOrEqual(0);
}

/** What has the focus after the next press of Tab, and what of it can be seen; nothing where it has come round. */
async function nextStop(page: Page): Promise<{ what: string; isField: boolean; points: number; hit: number } | 'none' | 'again'> {
  await page.keyboard.press('Tab');
  return page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const element = document.activeElement as HTMLElement;
    if (element === document.body) return 'none';
    const walked = ((window as unknown as { walked?: Element[] }).walked ??= []);
    // A field for a date has several stops.
    if (walked.at(-1) === element) return 'none';
    if (walked.includes(element)) return 'again';
    walked.push(element);
    // Of a field the middle is enough from side to side: what stands at its end is its own, such as what clears it.
    const isField = element.matches('input, textarea, select');
    const across = isField ? [0.5] : [0.1, 0.5, 0.9];
    let points = 0;
    let hit = 0;
    for (const box of element.getClientRects()) {
      const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
      const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
      if (right - left < 1 || bottom - top < 1) continue;
      for (const x of across) {
        for (const y of [0.1, 0.5, 0.9]) {
          const there = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
          points += 1;
          if (there && (element.contains(there) || there.closest('label')?.control === element)) hit += 1;
        }
      }
    }
    return { what: element.outerHTML.slice(0, 120), isField, points, hit };
  });
}

/** Goes through the page by Tab. Wherever the focus is, it can be seen; a field is seen from top to bottom. Answers how many stops there are. */
async function walk(page: Page, state: string): Promise<number> {
  await page.evaluate(() => {
    (window as unknown as { walked?: Element[] }).walked = [];
    (document.activeElement as HTMLElement).blur();
    scrollTo(0, 0);
  });
  let stops = 0;
  for (let presses = 0; presses < 150; presses += 1) {
    const stop = await nextStop(page);
    if (stop === 'again') break;
    if (stop === 'none') continue;
    stops += 1;
    expect.soft(stop.points, `${state}: ${stop.what} is in view`).toBeGreaterThan(0);
    expect.soft(stop.hit, `${state}: nothing covers ${stop.what}`).toBeGreaterThanOrEqual(stop.isField ? stop.points : 1);
  }
  return stops;
}

/** Text as somebody has it who needs more space between letters, words, lines and paragraphs. By script: the policy takes no other style. */
async function spaceOut(page: Page): Promise<void> {
  await page.evaluate(() => {
    const style = new CSSStyleSheet();
    style.replaceSync(`
      * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
      p { margin-block-end: 2em !important; }
    `);
    document.adoptedStyleSheets.push(style);
  });
}

async function clipsNothing(page: Page, state: string): Promise<void> {
  const clipped = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a.button, .tab, label, legend, summary, h1, h2, h3, p, dt, dd, .status')]
      .filter((element) => element.offsetParent !== null && !element.closest('.visually-hidden') && element.clientWidth > 1)
      .filter((element) => {
        const { overflowX, overflowY } = getComputedStyle(element);
        const across = /hidden|clip/.test(overflowX) && element.scrollWidth > element.clientWidth + 1;
        return across || (/hidden|clip/.test(overflowY) && element.scrollHeight > element.clientHeight + 1);
      })
      .map((element) => element.outerHTML.slice(0, 120)),
  );
  expect.soft(clipped, `${state} clips`).toEqual([]);
}

test('at 400 % the sign-in page can be used, and nothing covers what has the focus', async ({ visitor }) => {
  const { page } = visitor;
  await page.setViewportSize(zoomed);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Create a demo passkey' })).toBeAttached();
  await scrollsNoSideways(page, 'sign-in');
  expect(await walk(page, 'sign-in')).toBeGreaterThanOrEqual(3);
  await spaceOut(page);
  await scrollsNoSideways(page, 'sign-in, spaced out');
  await clipsNothing(page, 'sign-in');
  await page.getByRole('button', { name: 'Create a demo passkey' }).click();
  await arriveAtList(page);
});

test('at 400 % every page can be used, and nothing covers what has the focus', async ({ customer }) => {
  test.slow();
  const { page } = customer;
  await page.setViewportSize(zoomed);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const look = async (state: string) => {
    await scrollsNoSideways(page, state);
    expect(await walk(page, state), state).toBeGreaterThan(4);
  };
  await look('list');
  await showTab(page, 'All');
  await openTicket(page, demo.exitRule);
  await expect(replyBox(page)).toBeAttached();
  await look('ticket');
  await replyBox(page).fill('Written at four hundred per cent.');
  await expect(replyBox(page)).toBeInViewport();
  await expect(page.getByText(/^Saved/)).toBeAttached();
  await look('ticket with a draft');
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await expect(replyBox(page)).toHaveValue('');
  await page.goto('/tickets/new');
  await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeAttached();
  await look('new ticket');
  await page.getByRole('textbox', { name: 'Subject' }).fill('Something');
  await page.getByRole('button', { name: 'Discard draft' }).click();
  const dialog = page.getByRole('dialog', { name: 'Discard this draft?' });
  await expect(dialog).toBeVisible();
  await scrollsNoSideways(page, 'dialog');
  await dialog.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue('');
  await openAccount(page, 'Settings');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  // What says so for a while lies over the page.
  await expect(page.locator('.toast')).toHaveCount(0);
  await look('settings');
  await page.getByRole('radio', { name: 'Compact' }).check();
  await openAccount(page, 'My data');
  await expect(page.getByRole('button', { name: 'Delete from this device' })).toBeAttached();
  await look('my data');
});

for (const [what, size] of [
  ['at 400 %', zoomed],
  ['on a desk', { width: 1280, height: 1024 }],
] as const) {
  test(`more space between letters, words and lines clips nothing ${what}`, async ({ customer }) => {
    const { page } = customer;
    await page.setViewportSize(size);
    const look = async (state: string) => {
      await spaceOut(page);
      await scrollsNoSideways(page, state);
      await clipsNothing(page, state);
    };
    await look('list');
    await openTicket(page, demo.fills);
    await expect(replyBox(page)).toBeAttached();
    await look('ticket');
    for (const address of ['/tickets/new', '/settings', '/my-data', '/tickets?q=zeppelin']) {
      await page.goto(address);
      await expect(page.locator('h1')).toBeVisible();
      await expect(page.locator('[class^=skeleton]')).toHaveCount(0);
      await look(address);
    }
  });
}

test('from 1,100 px on the list stands beside the ticket, and up to there one pane is shown', async ({ customer }) => {
  const { page } = customer;
  const [list, ticket] = [page.locator('.list-pane'), page.locator('.ticket-pane')];
  const resize = (width: number) => page.setViewportSize({ width, height: 800 });
  await resize(1_099);
  await expect(list).toBeVisible();
  await expect(ticket).toBeHidden();
  await scrollsNoSideways(page, 'list, 1,099 px');
  await resize(1_100);
  await expect(list).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Choose a ticket' })).toBeVisible();
  await scrollsNoSideways(page, 'list, 1,100 px');
  await openTicket(page, demo.exitRule);
  await expect(list).toBeVisible();
  const [left, right] = [await list.boundingBox(), await ticket.boundingBox()];
  expect((left?.x ?? 0) + (left?.width ?? 0)).toBeLessThanOrEqual((right?.x ?? 0) + 1);
  await expect(page.getByRole('link', { name: 'All tickets' })).toBeHidden();
  await scrollsNoSideways(page, 'ticket, 1,100 px');
  await resize(1_099);
  await expect(list).toBeHidden();
  await expect(page.getByRole('heading', { level: 1, name: demo.exitRule })).toBeVisible();
  await scrollsNoSideways(page, 'ticket, 1,099 px');
  await page.getByRole('link', { name: 'All tickets' }).click();
  await arriveAtList(page);
  await expect(ticket).toBeHidden();
});
