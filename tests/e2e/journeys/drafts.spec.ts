import type { BrowserContext, Page } from '@playwright/test';
import { arrivesOnce, operator } from '../support/helpdesk';
import { arriveAtList, email, expect, signIn, signOut, test } from '../support/journey';
import { arriveAtTicket, attach, attached, csv, demo, fillTicket, message, openTicket, replyBox, sendButton, unique } from '../support/portal';
import { calls, road } from '../support/road';

test('a draft is saved as it is written, and is there after a reload', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  const words = unique('Half a thought');
  await replyBox(page).fill(words);
  await expect(page.getByText(/^Saved \d\d:\d\d/)).toBeVisible({ timeout: 2_000 });
  await page.reload();
  await arriveAtTicket(page, demo.prices);
  await expect(replyBox(page)).toHaveValue(words);
});

test('a draft survives the death of the page, with its files', async ({ customer }) => {
  const { context, page } = customer;
  await page.goto('/tickets/new');
  const subject = unique('Half a ticket');
  await fillTicket(page, subject, 'Half a message');
  await attach(page, csv());
  await expect(attached(page, 'fills.csv')).toContainText('Attached');
  await expect(page.getByText(/^Saved \d\d:\d\d/)).toBeVisible();
  const restored = await crashAndRestore(context, page);
  await expect(restored.getByRole('textbox', { name: 'Subject' })).toHaveValue(subject);
  await expect(restored.getByRole('textbox', { name: 'Message' })).toHaveValue('Half a message');
  await expect(attached(restored, 'fills.csv')).toContainText('Attached');
  await expect(restored.locator('.note').filter({ hasText: /^Your draft from .* is back\.$/ })).toBeVisible();
});

test('a file survives the death of the page while it is uploaded, and travels once', async ({ customer }) => {
  const { context, page } = customer;
  await openTicket(page, demo.prices);
  const id = await operator.find(await email(page), demo.prices);
  const upload = await road.slow(page, calls.upload, 60_000);
  const words = unique('With a file');
  await replyBox(page).fill(words);
  await attach(page, csv());
  await upload.wasMet();
  await expect(page.getByText(/^Saved \d\d:\d\d/)).toBeVisible();
  const restored = await crashAndRestore(context, page);
  await expect(replyBox(restored)).toHaveValue(words);
  await expect(attached(restored, 'fills.csv')).toContainText('Attached');
  await sendButton(restored).click();
  await expect(message(restored, words)).toHaveCount(1);
  await arrivesOnce(id, words);
  const { threads } = await operator.conversation(id);
  expect(threads.find((thread) => thread.body?.includes(words))?.attachments).toHaveLength(1);
});

test('each ticket has a draft of its own', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  await replyBox(page).fill('About prices');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await page.goBack();
  await openTicket(page, demo.exitRule);
  await expect(replyBox(page)).toHaveValue('');
  await replyBox(page).fill('About the rule');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await page.goBack();
  await openTicket(page, demo.prices);
  await expect(replyBox(page)).toHaveValue('About prices');
});

test('leaving a page without waiting loses nothing', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  await replyBox(page).fill('Written and left');
  await page.getByRole('link', { name: 'All tickets' }).or(page.getByRole('link', { name: 'Raxx Support, your tickets' })).first().click();
  await arriveAtList(page);
  await openTicket(page, demo.prices);
  await expect(replyBox(page)).toHaveValue('Written and left');
});

test('a draft is discarded at a press, and comes back at another', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  await replyBox(page).fill('Maybe not');
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await expect(replyBox(page)).toHaveValue('');
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await expect(replyBox(page)).toHaveValue('Maybe not');
});

test('a discarded draft comes back although its ticket was left meanwhile', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  await replyBox(page).fill('Maybe not');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await expect(replyBox(page)).toHaveValue('');
  await page.goBack();
  await arriveAtList(page);
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await openTicket(page, demo.prices);
  await expect(replyBox(page)).toHaveValue('Maybe not');
});

test('what was written after discarding stays when the draft comes back', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  await replyBox(page).fill('First thought');
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await replyBox(page).fill('Second thought');
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await expect(replyBox(page)).toHaveValue('First thought\n\nSecond thought');
});

test('signing out asks about drafts, deletes them, and leaves nothing of the customer on the device', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  await replyBox(page).fill('A secret thought');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await signOut(page);
  const dialog = page.getByRole('dialog', { name: 'Sign out and delete drafts?' });
  await expect(dialog).toContainText('1 draft on this device has not been sent.');
  await dialog.getByRole('button', { name: 'Sign out and delete' }).click();
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
  const left = await page.evaluate(async () => {
    const kept: unknown[] = [...Object.values(sessionStorage), ...Object.values(localStorage)];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name as string);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      for (const store of database.objectStoreNames) {
        const all = await new Promise<unknown[]>((resolve) => {
          const reading = database.transaction(store).objectStore(store).getAll();
          reading.onsuccess = () => resolve(reading.result);
        });
        kept.push(...all.map((value) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : JSON.stringify(value))));
      }
      database.close();
    }
    return kept.join('\n');
  });
  for (const private_ of ['A secret thought', demo.prices, 'Ada', 'eyJ']) expect(left).not.toContain(private_);
  await signIn(page);
  await arriveAtList(page);
  await openTicket(page, demo.prices);
  await expect(replyBox(page)).toHaveValue('');
});

test('signing out can be thought over', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  await replyBox(page).fill('Not yet');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await signOut(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(replyBox(page)).toHaveValue('Not yet');
});

/** Lets the page die, and opens it again as a browser that restores its tabs does. */
async function crashAndRestore(context: BrowserContext, page: Page): Promise<Page> {
  const address = page.url();
  const session = await page.evaluate(() => ({ ...sessionStorage }));
  const devtools = await context.newCDPSession(page);
  const died = page.waitForEvent('crash');
  // A page that has died answers no more.
  void devtools.send('Page.crash').catch(() => undefined);
  await died;
  const restored = await context.newPage();
  // The session's storage comes back with the tab.
  await restored.addInitScript((kept) => Object.entries(kept).forEach(([key, value]) => sessionStorage.setItem(key, value)), session);
  await restored.goto(address);
  return restored;
}
