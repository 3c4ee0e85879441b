import { operator } from '../support/helpdesk';
import { arriveAtList, email, endSession, expect, signIn, signOut, test } from '../support/journey';
import { expectAccessible } from '../support/axe';
import { attach, attached, demo, fillTicket, openTicket, replyBox, tab } from '../support/portal';
import { always, calls, road } from '../support/road';

// Every page and state, in both themes. Journeys are grouped so that a customer is made once for several states.

test('signing in, in every state', async ({ visitor }) => {
  const { page, authenticator } = visitor;
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Create a demo passkey' })).toBeVisible();
  await expectAccessible(page, 'sign-in');
  await authenticator.accept(false);
  await signIn(page);
  await expect(page.getByRole('main').getByText('Sign-in was cancelled')).toBeVisible();
  await expectAccessible(page, 'sign-in cancelled');
});

test('the list, in every state', async ({ customer }) => {
  const { page } = customer;
  await expectAccessible(page, 'list');
  await tab(page, 'Resolved').click();
  await expectAccessible(page, 'list of resolved tickets');
  await page.getByRole('searchbox').fill('nothing has this');
  await expect(page.getByRole('heading', { name: /^Nothing found for/ })).toBeVisible();
  await expectAccessible(page, 'list without a result');
  await page.getByRole('button', { name: /^Your account/ }).click();
  await expectAccessible(page, 'account menu');
  await page.evaluate(() => {
    history.pushState(null, '', '/nowhere/at/all');
    window.dispatchEvent(new PopStateEvent('popstate'));
  });
  await expect(page.getByRole('heading', { level: 1, name: 'There is nothing here.' })).toBeVisible();
  await expectAccessible(page, 'page not found');
  const broken = await always(page, calls.list, (route) => route.fulfill({ status: 500, contentType: 'text/html', body: '' }));
  await page.goto('/tickets?sort=newest');
  await broken.wasMet();
  await expect(page.getByRole('heading', { name: 'Your tickets could not be loaded.' })).toBeVisible();
  await expectAccessible(page, 'list that failed');
});

test('a ticket, in every state', async ({ customer }) => {
  const { context, page } = customer;
  await openTicket(page, demo.exitRule);
  await expectAccessible(page, 'ticket');
  await page.getByText('Details', { exact: true }).click();
  await replyBox(page).fill('**bold** and\n\n- a list');
  await expectAccessible(page, 'reply with preview');
  await road.refused(page, calls.reply, 500, 'internal');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.locator('.note.failed')).toBeVisible();
  await expectAccessible(page, 'reply that failed');
  await page.getByRole('button', { name: 'Send again' }).click();
  await expect(page.getByText(/Sending in \d+ s/)).toBeVisible();
  await expectAccessible(page, 'reply on its way');
  await context.setOffline(true);
  await replyBox(page).fill('Later');
  await expect(page.getByText('You are offline.').first()).toBeVisible();
  await expectAccessible(page, 'ticket offline');
  await context.setOffline(false);
});

test('a ticket with pictures, and the lightbox', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.margin);
  await expect(page.getByRole('button', { name: /^Open the image/ }).first()).toBeVisible();
  await expectAccessible(page, 'ticket with pictures');
  await page.getByRole('button', { name: /^Open the image/ }).first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, 'lightbox');
});

test('a resolved ticket with its rating', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/tickets?status=resolved');
  await openTicket(page, demo.invoice);
  await expect(page.getByRole('region', { name: 'How did we do?' })).toBeVisible();
  await expectAccessible(page, 'resolved ticket');
});

test('a new ticket, in every state', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/tickets/new');
  await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeVisible();
  await expectAccessible(page, 'new ticket');
  await page.getByRole('button', { name: 'Send ticket' }).click();
  await expect(page.getByText('Please fill this in.').first()).toBeVisible();
  await attach(page, { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) });
  await expect(attached(page, 'empty.txt')).toContainText('is empty');
  await expectAccessible(page, 'new ticket with problems');
  await fillTicket(page, 'My exit rule fired twice again', 'See there.');
  await expect(page.getByText('You may have asked this already.')).toBeVisible();
  await expectAccessible(page, 'new ticket with a hint');
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, 'question before discarding');
});

test('settings, my data, and an ended session', async ({ customer }) => {
  const { page } = customer;
  await page.goto('/settings');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await expectAccessible(page, 'settings');
  await page.goto('/my-data');
  await expect(page.getByRole('heading', { level: 1, name: 'My data' })).toBeVisible();
  await expectAccessible(page, 'my data');
  await page.getByRole('button', { name: 'Open the printable view' }).click();
  await expect(page.getByText('two price updates')).toBeVisible();
  await expectAccessible(page, 'printable view');
  await endSession(page);
  await page.getByRole('button', { name: /Check now$/ }).click();
  await expect(page.getByRole('dialog', { name: 'Your session has ended.' })).toBeVisible();
  await expectAccessible(page, 'ended session');
});

test('nothing to show', async ({ customer }) => {
  const { page } = customer;
  for (const ticket of await operator.of(await email(page))) await operator.setStatus(ticket.id, 'closed');
  await expect(page.getByRole('heading', { name: 'No open tickets.' })).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page, 'list without open tickets');
  await signOut(page);
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
  await expectAccessible(page, 'signed out');
});

test.describe('narrow and large', () => {
  test('at 320 px nothing has to be scrolled sideways, and targets are large enough', async ({ customer }) => {
    const { page } = customer;
    await page.setViewportSize({ width: 320, height: 640 });
    const look = async (state: string) => {
      const out = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(out, state).toBeLessThanOrEqual(0);
      const small = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('button, select, input:not([type=file]), textarea, .button, summary')]
          .filter((element) => element.offsetParent !== null)
          // A radio button is pressed by its label.
          .map((element) => ({ element, box: (element.closest('label') ?? element).getBoundingClientRect() }))
          .filter(({ box }) => box.width > 1 && (box.width < 24 || box.height < 24))
          .map(({ element, box }) => `${element.outerHTML.slice(0, 90)} ${Math.round(box.width)}×${Math.round(box.height)}`),
      );
      expect(small, state).toEqual([]);
      await expectAccessible(page, `${state} at 320 px`);
    };
    await arriveAtList(page);
    await look('list');
    await openTicket(page, demo.exitRule);
    await look('ticket');
    await page.goto('/tickets/new');
    await expect(page.getByRole('heading', { level: 1, name: 'New ticket' })).toBeVisible();
    await look('new ticket');
    await page.goto('/settings');
    await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
    await look('settings');
  });

  test('in forced colours the status is told by shape and word, and the focus is seen', async ({ customer }) => {
    const { page } = customer;
    await page.emulateMedia({ forcedColors: 'active' });
    await expect(page.locator('.rows .status svg').first()).toBeVisible();
    await expect(page.locator('.rows .status').first()).not.toHaveText('');
    await page.keyboard.press('Tab');
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
    expect(outline).not.toBe('none');
  });

  test('with reduced motion nothing moves for longer than an instant', async ({ customer }) => {
    const { page } = customer;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await openTicket(page, demo.exitRule);
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll('*')].filter((element) => {
        const style = getComputedStyle(element);
        const seconds = (text: string) => Math.max(...text.split(',').map((part) => parseFloat(part) * (part.includes('ms') ? 0.001 : 1)));
        return seconds(style.transitionDuration) > 0.02 || (style.animationName !== 'none' && seconds(style.animationDuration) > 0.02);
      }).length,
    );
    expect(moving).toBe(0);
  });
});
