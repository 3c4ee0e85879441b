import { expect, type Download, type Locator, type Page } from '@playwright/test';
import { operator } from './helpdesk';
import { email, isThePortal, tickets, type Customer } from './journey';
import { always, calls, type Event } from './road';

// What a customer sees and uses, by the names that assistive technology has for it.

/** Tickets that every demo customer has. */
export const demo = {
  /** Waiting for the customer; two answers, a code block, a log file. */
  exitRule: 'Exit rule fired twice',
  /** Working; a quoted mail, a table and a picture. */
  fills: 'Fills missing from the audit trail',
  /** Waiting for the customer; a picture within the text. */
  margin: 'Margin display is wrong since the update',
  /** Received; nobody has answered. */
  prices: "Paper account shows yesterday's prices",
  /** Waiting for the customer; some sixty messages. */
  rollOver: 'Roll-over settings, one by one',
  /** Resolved. */
  invoice: 'Invoice for October',
};

/** Opens a ticket from the list that is shown, and waits until its thread is there. */
export async function openTicket(page: Page, subject: string): Promise<void> {
  await tickets(page).filter({ hasText: subject }).click();
  await arriveAtTicket(page, subject);
}

/** Opens one of the customer's tickets, and answers its id at the help desk. */
export async function atTicket({ page }: Customer, subject = demo.prices): Promise<number> {
  await openTicket(page, subject);
  return operator.find(await email(page), subject);
}

export async function arriveAtTicket(page: Page, subject: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible();
  await expect(messages(page).first()).toBeVisible();
  await isThePortal(page);
}

/** Shows a tab of the list. */
export async function showTab(page: Page, name: 'Open' | 'Waiting for you' | 'Resolved' | 'All'): Promise<void> {
  await tab(page, name).click();
  await expect(tab(page, name)).toHaveAttribute('aria-current', 'page');
}

export function tab(page: Page, name: string) {
  return page.getByRole('navigation', { name: 'Show tickets by status' }).getByRole('link', { name: new RegExp(`^${name}\\b`) });
}

/** The messages of a ticket, oldest first. By their class: finding the roles of a thousand takes a browser seconds. */
export function messages(page: Page) {
  return page.locator('li.message');
}

/** A message with these words in it. */
export function message(page: Page, words: string) {
  return messages(page).filter({ hasText: words });
}

export function replyBox(page: Page) {
  return page.getByRole('textbox', { name: 'Your reply' });
}

/** Writes a reply and sends it by its button. */
export async function reply(page: Page, words: string): Promise<void> {
  await replyBox(page).fill(words);
  await sendButton(page).click();
}

export function sendButton(page: Page) {
  return page.getByRole('button', { name: 'Send', exact: true });
}

/** Fills in the form of a new ticket. */
export async function fillTicket(page: Page, subject: string, words: string, topic = 'Orders and fills'): Promise<void> {
  await page.getByRole('combobox', { name: 'What is it about?' }).selectOption({ label: topic });
  await page.getByRole('textbox', { name: 'Subject' }).fill(subject);
  await page.getByRole('textbox', { name: 'Message' }).fill(words);
}

/** Presses what brings a file, and waits for it. */
export async function downloadBy(button: Locator): Promise<Download> {
  const arriving = button.page().waitForEvent('download');
  await button.click();
  return arriving;
}

export function toast(page: Page, words: string | RegExp) {
  return page.locator('.toasts').getByText(words);
}

/** From now on the page that is served is a later release's. */
export const released = (page: Page): Promise<Event> =>
  always(page, calls.newestPage, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace(/portal-[0-9a-f]{12}\.js/g, 'portal-0123456789abcdef.js') });
  });

/** A list of sixty, of which the first page is shown. */
export async function longList(page: Page): Promise<void> {
  await operator.seed(await email(page), { tickets: 60 });
  await page.goto('/tickets?status=all&q=still+open');
  await expect(async () => {
    await page.reload();
    await expect(moreTickets(page)).toBeVisible({ timeout: 3_000 });
    await isThePortal(page);
  }).toPass({ timeout: 30_000 });
  await expect(tickets(page)).toHaveCount(25);
}

export const moreTickets = (page: Page) => page.getByRole('button', { name: 'Show more tickets' });

/** What is said to assistive technology when there is a pause. */
export function announced(page: Page) {
  return page.getByTestId('announcer');
}

/** Chooses files as a customer does in the system's picker. */
export async function attach(page: Page, ...files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Attach files' }).click();
  await (await choosing).setFiles(files);
}

/** A file as it is listed in a form. */
export function attached(page: Page, name: string) {
  return page.getByRole('list', { name: 'Attached files' }).getByRole('listitem').filter({ hasText: name });
}

/** Words that nobody else writes. */
export function unique(words: string): string {
  return `${words} ${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;
}

export const csv = (name = 'fills.csv') => ({ name, mimeType: 'text/csv', buffer: Buffer.from('time,price\n09:30,2.05\n') });

/** A picture of one pixel. */
export const png = (name = 'chart.png') => ({
  name,
  mimeType: 'image/png',
  buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
});
