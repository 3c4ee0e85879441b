import type { Page } from '@playwright/test';
import { forgetSeen } from '../support/database';
import { arriveAtList, expect, test, tickets } from '../support/journey';
import { openAccount } from '../support/parts';
import { arriveAtTicket, demo } from '../support/portal';
import { always, calls, fate } from '../support/road';

// What stands somewhere stays there while the rest comes, however long that takes.

type Shift = { value: number; moved: string[] };

/** Notes whatever moves by itself, from now on and after each load. What moves because somebody has just pressed something is no shift. */
async function watchShifts(page: Page): Promise<() => Promise<Shift[]>> {
  await page.addInitScript(() => {
    // Nothing of how the page looked before.
    if (window.origin !== 'null') sessionStorage.removeItem('raxx.look');
    const shifts: Shift[] = [];
    Object.assign(window, { shifts });
    type Entry = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node: Element | null; previousRect: DOMRect; currentRect: DOMRect }[] };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as Entry[]) {
        // A letter that becomes narrower in a line of the list is nothing that anybody sees.
        if (entry.hadRecentInput || entry.value < 0.000_1) continue;
        const at = ({ x, y, width, height }: DOMRect) => `${x} ${y} ${width}x${height}`;
        const moved = entry.sources.map(({ node, previousRect, currentRect }) => {
          const name = node ? `${node.nodeName} ${node.className ?? node.textContent}` : 'gone';
          return `${name} from ${at(previousRect)} to ${at(currentRect)}`;
        });
        shifts.push({ value: entry.value, moved });
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return () => page.evaluate(() => (window as unknown as { shifts: Shift[] }).shifts);
}

/** The portal's parts and the answers come late, one after the other. */
async function delay(page: Page): Promise<void> {
  const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  await page.route(/\/assets\/part-/, async (route) => {
    await after(900);
    await route.continue();
  });
  await page.route(/\/api\/v1\/support\/(?!events)/, async (route) => {
    await after(1_500);
    await route.fallback();
  });
}

/** Loads the page as if nobody had been there, slowly, until all of it is there. What is below comes last. */
async function reloadSlowly(page: Page, isThere: (page: Page) => Promise<void>): Promise<void> {
  await delay(page);
  await forgetSeen(page);
  await page.reload();
  await isThere(page);
  await page.waitForTimeout(2_500);
}

const widths = [360, 1_440];

const nothing = { received: 0, working: 0, waiting_for_you: 0, resolved: 0 };
const without = (list: object) => ({ ...list, items: [], counts: nothing, next_cursor: undefined });

for (const width of widths) {
  test.describe(`${width} px wide`, () => {
    test.use({ setting: { viewport: { width, height: 900 } } });

    for (const [name, open, isThere] of [
      ['a ticket', (page) => tickets(page).filter({ hasText: demo.exitRule }).click(), (page) => arriveAtTicket(page, demo.exitRule)],
      ['a ticket with pictures', (page) => tickets(page).filter({ hasText: demo.margin }).click(), async (page) => {
        await arriveAtTicket(page, demo.margin);
        await expect(page.locator('button.picture img').first()).toBeVisible();
      }],
      ['a new ticket', (page) => page.getByRole('link', { name: 'New ticket' }).click(), async (page) => {
        await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeVisible();
      }],
      ['the settings', (page) => openAccount(page, 'Settings'), async (page) => {
        await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
      }],
      ['my data', (page) => openAccount(page, 'My data'), async (page) => {
        await expect(page.getByText(/^(Your list of tickets|No drafts)/)).toBeVisible();
      }],
    ] as [string, (page: Page) => Promise<void>, (page: Page) => Promise<void>][]) {
      test(`nothing moves while ${name} comes slowly`, async ({ customer }) => {
        const { page } = customer;
        const shifts = await watchShifts(page);
        await page.reload();
        await arriveAtList(page);
        await delay(page);
        await open(page);
        await isThere(page);
        // What is below comes last.
        await page.waitForTimeout(2_500);
        expect(await shifts()).toEqual([]);
      });

      test(`nothing moves while ${name} is loaded anew and comes slowly`, async ({ customer }) => {
        const { page } = customer;
        await open(page);
        await isThere(page);
        const shifts = await watchShifts(page);
        await reloadSlowly(page, isThere);
        expect(await shifts()).toEqual([]);
      });
    }

    for (const [name, meets, isThere] of [
      ['the list comes', undefined, arriveAtList],
      ['a list without a ticket comes', fate.changed(without), (page) => expect(page.getByRole('heading', { name: 'No tickets yet' })).toBeVisible()],
      ['a list whose tickets are resolved comes', fate.changed((list: object) => ({ ...without(list), counts: { ...nothing, resolved: 4 } })), (page) =>
        expect(page.getByRole('heading', { name: 'No open tickets.' })).toBeVisible()],
      ['a list does not come', fate.refused(500, 'internal'), (page) => expect(page.getByRole('heading', { name: 'Your tickets could not be loaded.' })).toBeVisible()],
    ] as [string, Parameters<typeof always>[2] | undefined, (page: Page) => Promise<void>][]) {
      test(`nothing moves while ${name} slowly`, async ({ customer }) => {
        const { page } = customer;
        const shifts = await watchShifts(page);
        if (meets) await always(page, calls.list, meets);
        await reloadSlowly(page, isThere);
        expect(await shifts()).toEqual([]);
      });
    }

    test('nothing that is being filled in moves when the topics do not come', async ({ customer }) => {
      const { page } = customer;
      const shifts = await watchShifts(page);
      await always(page, calls.topics, fate.refused(500, 'internal'));
      await page.goto('/tickets/new');
      await expect(page.getByText('The topics could not be loaded.')).toBeVisible();
      await page.waitForTimeout(2_500);
      expect(await shifts()).toEqual([]);
    });
  });
}
