import { operator } from '../support/helpdesk';
import { email, expect, test, tickets } from '../support/journey';
import { messages } from '../support/portal';
import { edge } from '../support/system';

const hostile = '<img src=x onerror="window.broken=1"><script>window.broken=1</script><a href="javascript:window.broken=1">click</a> the end';

test('markup in a message stays text, and nothing in it runs', async ({ customer }) => {
  const { page } = customer;
  await tickets(page).first().click();
  await expect(messages(page).first()).toBeVisible();
  const subject = await page.getByRole('heading', { level: 1 }).innerText();
  await operator.reply(await operator.find(await email(page), subject), hostile);
  await expect(messages(page).filter({ hasText: 'the end' })).toBeVisible({ timeout: 45_000 });
  expect(await page.evaluate(() => (window as { broken?: number }).broken)).toBeUndefined();
  expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
});

test('the page refuses markup that is not its own', async ({ browser }) => {
  // Not a watched page: the attempt is a violation, and reported as one.
  const page = await browser.newPage();
  await page.goto(edge);
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeEnabled();
  await expect(page.getByLabel('Name of the demo customer')).toBeVisible();
  const refused = await page.evaluate((markup) => {
    try {
      document.createElement('div').innerHTML = markup;
      return 'accepted';
    } catch (error) {
      return (error as Error).name;
    }
  }, hostile);
  expect(refused).toBe('TypeError');
  await page.close();
});
