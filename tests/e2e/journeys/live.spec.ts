import { operator } from '../support/helpdesk';
import { email, expect, test, tickets } from '../support/journey';
import { announced, demo, message, openTicket, unique } from '../support/portal';
import { always, calls } from '../support/road';

test('an answer appears by itself, in the list and in the open ticket, and is announced', async ({ customer }) => {
  const { page } = customer;
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect(page.getByRole('button', { name: /^Live · synced \d\d:\d\d/ })).toBeVisible();
  await openTicket(page, demo.prices);
  const id = await operator.find(await email(page), demo.prices);
  const answer = unique('Prices are live again');
  await operator.reply(id, `<p>${answer}</p>`);
  await expect(message(page, answer)).toBeVisible({ timeout: 30_000 });
  await expect(announced(page)).toContainText('New answer from Maya');
  await expect(tickets(page).filter({ hasText: demo.prices })).toContainText(answer);
  await expect(page.locator('.gauge')).toContainText('Waiting for you');
});

test('an internal note changes nothing that a customer can see', async ({ customer }) => {
  const { page } = customer;
  const address = await email(page);
  const before = await tickets(page).allInnerTexts();
  const id = await operator.find(address, demo.rollOver);
  const secret = unique('internal');
  await operator.note(id, `<p>${secret}</p>`);
  // What comes after the note has arrived, so the note has been passed.
  const answer = unique('Visible');
  await operator.reply(await operator.find(address, demo.prices), `<p>${answer}</p>`);
  await expect(tickets(page).filter({ hasText: demo.prices })).toContainText(answer, { timeout: 30_000 });
  const after = await tickets(page).allInnerTexts();
  expect(after.filter((row) => !row.includes(demo.prices))).toEqual(before.filter((row) => !row.includes(demo.prices)));
  await openTicket(page, demo.rollOver);
  await expect(page.getByText(secret)).toHaveCount(0);
});

test('without a stream the page says so and looks for news regularly', async ({ customer }) => {
  const { page } = customer;
  await page.clock.install();
  const refused = await always(page, calls.events, (route) => route.abort('connectionrefused'));
  await page.reload();
  await expect(page.getByRole('button', { name: /^Checking regularly · synced/ })).toBeVisible();
  await refused.wasMet();
  const id = await operator.find(await email(page), demo.prices);
  const answer = unique('Found by asking');
  await operator.reply(id, `<p>${answer}</p>`);
  await expect(async () => {
    await page.clock.fastForward(20_000);
    await expect(tickets(page).filter({ hasText: demo.prices })).toContainText(answer, { timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
});

test('a press looks at once', async ({ customer }) => {
  const { page } = customer;
  const asked = page.waitForRequest((request) => calls.list.path.test(new URL(request.url()).pathname));
  await page.getByRole('button', { name: /Check now$/ }).click();
  await asked;
});
