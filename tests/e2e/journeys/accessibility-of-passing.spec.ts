import type { Page } from '@playwright/test';
import { arriveAtList, enrol, expect, signIn, signOut, test } from '../support/journey';
import { expectAccessible } from '../support/axe';
import { operator } from '../support/helpdesk';
import { noticesInForm } from '../support/notices';
import { arriveAtTicket, atTicket, csv, demo, fillTicket, longList, messages, moreTickets, openTicket, released, reply, replyBox, unique } from '../support/portal';
import { beAway, isOffered, waitForChoices } from '../support/passkey';
import { always, calls, fate, held, road } from '../support/road';

// What is seen for a moment, or by few. In both themes, as every page.

test.describe('where the browser offers passkeys in a field', () => {
  test.use({ autofill: true });

  test('the field, a sign-in that prepares, and one that waits for the customer', async ({ visitor }) => {
    const { page } = visitor;
    await waitForChoices(page);
    await enrol(visitor, 'Ada Example');
    await signOut(page);
    await isOffered(page);
    await expect(page.locator('.passkey-field')).toBeVisible();
    await expectAccessible(page, 'passkeys in a field');
    await page.locator('.passkey-field input').focus();
    await expectAccessible(page, 'the field with the focus');
    await beAway(page, true);
    const letGo = await held(page, /\/passkey\/options$/);
    await signIn(page);
    await expect(page.locator('.passkey-form button[aria-busy=true]')).toBeVisible();
    await expectAccessible(page, 'a sign-in that prepares');
    letGo();
    await expect(page.getByText('Your device is asking for your fingerprint, face or PIN.')).toBeVisible();
    await expectAccessible(page, 'a sign-in that waits for the customer');
  });
});

test('the page before its program, and without it', async ({ visitor }) => {
  const { page } = visitor;
  const letGo = await held(page, /\/assets\/sign-in-[^/]*\.wasm$/);
  await page.goto('/', { waitUntil: 'commit' });
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeVisible();
  await expectAccessible(page, 'sign-in before its program');
  letGo();
  await page.route(/\/assets\/sign-in-[^/]*\.wasm$/, (route) => route.abort('connectionreset'));
  await page.goto('/');
  await expect(page.getByText('Raxx Support did not load.')).toBeVisible();
  await expectAccessible(page, 'sign-in without its program');
});

test('a newer version is offered', async ({ visitor }) => {
  const { page } = visitor;
  await page.clock.install();
  await enrol(visitor, 'Ada Example');
  await released(page);
  await page.clock.fastForward('00:10:01');
  await expect(page.locator('.banner.update')).toBeVisible();
  await expectAccessible(page, 'a newer version');
});

test('files held over a form, and a key that was used with other words', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  const data = await page.evaluateHandle((file) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['a,b'], file.name, { type: file.mimeType }));
    return transfer;
  }, csv());
  await replyBox(page).dispatchEvent('dragenter', { dataTransfer: data });
  await expect(page.locator('.drop-hint')).toBeVisible();
  await expectAccessible(page, 'files held over a form');
  await replyBox(page).dispatchEvent('dragleave', { dataTransfer: data });
  await road.refused(page, calls.reply, 422, 'idempotency_conflict');
  await reply(page, unique('Second thoughts'));
  await expect(page.getByRole('button', { name: 'Send anyway' })).toBeVisible();
  await expectAccessible(page, 'a key that was used with other words');
});

test('a draft that is back, one that cannot be kept, and an answer that came meanwhile', async ({ customer }) => {
  const { page } = customer;
  const id = await atTicket(customer);
  await replyBox(page).fill('Let me think');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await operator.reply(id, `<p>${unique('We found it')}</p>`);
  await expect(page.locator('.note.arrived')).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page, 'an answer that came meanwhile');
  await page.reload();
  await arriveAtTicket(page, demo.prices);
  await expect(page.getByText(/^Your draft from .* is back\.$/).first()).toBeAttached();
  await expectAccessible(page, 'a draft that is back');
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await replyBox(page).fill('Let me think again');
  await expect(page.locator('.saved.failed')).toBeVisible();
  await expectAccessible(page, 'a draft that cannot be kept');
});

test('notices of every kind', async ({ customer }) => {
  const { page } = customer;
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const items = ['incident', 'maintenance', 'hours'].map((kind, index) => ({
    id: `nt_0000000000000000000000000${index + 1}`,
    kind,
    title: `A title of ${kind}`,
    body: 'What there is to know about it, in one sentence or two.',
    since: ago(60),
    until: kind === 'hours' ? undefined : ago(-120),
  }));
  await always(page, calls.notices, (route) => route.fulfill({ json: { items } }));
  await page.reload();
  await arriveAtList(page);
  await expect(page.locator('.list-pane .notice')).toHaveCount(3);
  await expectAccessible(page, 'notices above the list');
  await page.getByRole('link', { name: 'New ticket' }).click();
  await expect(noticesInForm(page).locator('.notice')).toHaveCount(3);
  await expectAccessible(page, 'notices above the form');
});

test('a printable view that leaves something out', async ({ customer }) => {
  const { page } = customer;
  await always(page, calls.export, fate.changed((all: object) => ({ ...all, truncated: true })));
  await page.goto('/my-data');
  await page.getByRole('button', { name: 'Open the printable view' }).click();
  await expect(page.locator('.print-view .note')).toBeVisible();
  await expectAccessible(page, 'a printable view that leaves something out');
});

test('older messages and more tickets on their way, and the end of both', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.rollOver);
  const letOlder = await held(page, /[?&]before=/);
  await page.getByRole('button', { name: 'Show older messages' }).click();
  await expect(page.locator('.thread button[aria-busy=true]')).toBeVisible();
  await expectAccessible(page, 'older messages on their way');
  letOlder();
  await expect(messages(page)).toHaveCount(60);
  await longList(page);
  const letMore = await held(page, /[?&]cursor=/);
  await moreTickets(page).click();
  await expect(page.locator('.list-foot button[aria-busy=true]')).toBeVisible();
  await expectAccessible(page, 'more tickets on their way');
  letMore();
});

test('a message without words, and one whose picture was left out', async ({ customer }) => {
  const { page } = customer;
  type Ticket = { messages: { body: object[]; quoted?: object[] }[] };
  await always(
    page,
    calls.read,
    fate.changed((ticket: Ticket) => {
      const [first, ...others] = ticket.messages;
      const gone = { image: { attachment_id: 'at_00000000000000000000000001', alt: '' } };
      return { ...ticket, messages: [{ ...first, body: [] }, ...others.map((each) => ({ ...each, body: [...each.body, gone] }))] };
    }),
  );
  await openTicket(page, demo.exitRule);
  await expect(messages(page).first().locator('.hint').first()).toBeVisible();
  await expect(page.locator('.rich-text .hint').first()).toBeVisible();
  await expectAccessible(page, 'a message without words, and a picture that was left out');
});

test('the reasons why something was not delivered', async ({ customer }) => {
  const { page } = customer;
  type Ticket = { messages: { author: { kind: string }; delivery: object }[] };
  for (const reason of ['too_large', 'invalid', 'not_found', 'internal']) {
    const failed = await always(
      page,
      calls.read,
      fate.changed((ticket: Ticket) => ({
        ...ticket,
        messages: ticket.messages.map((each) => (each.author.kind === 'you' ? { ...each, delivery: { state: 'failed', reason } } : each)),
      })),
    );
    await page.goto('/tickets');
    await openTicket(page, demo.exitRule);
    await failed.wasMet();
    await expectAccessible(page, `not delivered: ${reason}`);
    await failed.isOver();
  }
});

/** A form that is as full as it gets. */
async function overfull(page: Page): Promise<void> {
  await fillTicket(page, 'W'.repeat(120), 'A word that is '.concat('very'.repeat(60), ' long.\n').repeat(20));
}

test('a form that is as full as it gets', async ({ customer }) => {
  const { page } = customer;
  await page.getByRole('link', { name: 'New ticket' }).click();
  await overfull(page);
  await expectAccessible(page, 'an overfull form');
});
