import type { Page } from '@playwright/test';
import { arriveAtList, expect, test } from '../support/journey';
import { demo, openTicket, showTab } from '../support/portal';

// A change of page is a change of view, where the browser can show one and the customer has not asked for less motion. It never holds
// the page up.

/** What the browser is asked for from now on, and how it answers. */
type Ways = 'as it does' | 'never' | 'late';

/** Counts the transitions that the portal asks for: those that begin, and those whose change was made by the browser. */
async function counted(page: Page, way: Ways): Promise<() => Promise<{ asked: number; made: number }>> {
  await page.evaluate((way) => {
    const counts = { asked: 0, made: 0 };
    const original = document.startViewTransition?.bind(document);
    Object.assign(window, { transitions: counts, couldBefore: original !== undefined });
    document.startViewTransition = ((change: () => void) => {
      counts.asked += 1;
      const make = () => {
        change();
        counts.made += 1;
      };
      if (way === 'as it does') return original(make);
      // Later than the portal's patience, and after whatever the customer does meanwhile.
      if (way === 'late') setTimeout(make, 2_000);
      const open = new Promise<void>(() => undefined);
      return { ready: open, finished: open, updateCallbackDone: open, skipTransition: () => undefined };
    }) as typeof document.startViewTransition;
  }, way);
  expect(await page.evaluate(() => (window as unknown as { couldBefore: boolean }).couldBefore), 'this browser has transitions').toBe(true);
  return () => page.evaluate(() => (window as unknown as { transitions: { asked: number; made: number } }).transitions);
}

test('a change of page is one transition, and another part of the list is none', async ({ customer }) => {
  const { page } = customer;
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  const transitions = await counted(page, 'as it does');
  await openTicket(page, demo.exitRule);
  await expect(page.getByRole('heading', { level: 1, name: demo.exitRule })).toBeFocused();
  await expect.poll(transitions).toEqual({ asked: 1, made: 1 });
  await page.goBack();
  await arriveAtList(page);
  await expect.poll(transitions).toEqual({ asked: 2, made: 2 });
  await showTab(page, 'All');
  expect(await transitions()).toEqual({ asked: 2, made: 2 });
});

test('with reduced motion there is none', async ({ customer }) => {
  const { page } = customer;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const transitions = await counted(page, 'as it does');
  await openTicket(page, demo.exitRule);
  await expect(page.getByRole('heading', { level: 1, name: demo.exitRule })).toBeFocused();
  await page.goBack();
  await arriveAtList(page);
  expect(await transitions()).toEqual({ asked: 0, made: 0 });
});

test('a transition that never begins holds up no page', async ({ customer }) => {
  const { page } = customer;
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  const transitions = await counted(page, 'never');
  await openTicket(page, demo.exitRule);
  await expect(page.getByRole('heading', { level: 1, name: demo.exitRule })).toBeFocused();
  await page.goBack();
  await arriveAtList(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Your tickets' })).toBeFocused();
  expect(await transitions()).toEqual({ asked: 2, made: 0 });
});

test('a transition that begins late does not lead back to where one was', async ({ customer }) => {
  const { page } = customer;
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  const transitions = await counted(page, 'late');
  await openTicket(page, demo.exitRule);
  await page.goBack();
  await arriveAtList(page);
  await expect.poll(transitions).toEqual({ asked: 2, made: 2 });
  await expect(page).toHaveURL(/\/tickets$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Your tickets' })).toBeVisible();
  await expect(page.getByRole('heading', { name: demo.exitRule })).toHaveCount(0);
});
