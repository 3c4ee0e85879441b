import { expect, test, tickets, token } from '../support/journey';
import { demo, messages, openTicket, toast } from '../support/portal';
import { edge } from '../support/system';

test('one customer cannot tell another one’s ticket from none at all', async ({ customer, otherCustomer }) => {
  await tickets(customer.page).first().click();
  await expect(customer.page).toHaveURL(/\/tickets\/[^/]+$/);
  const theirs = new URL(customer.page.url()).pathname.split('/').pop() as string;
  const subject = await customer.page.getByRole('heading', { level: 1 }).innerText();
  // Of the right form, and nobody's: the last digit is another one.
  const nobodys = theirs.slice(0, -1) + (theirs.endsWith('0') ? '1' : '0');

  const bearer = await token(otherCustomer.page);
  const calls: [string, string, string | undefined][] = [
    ['GET', '', undefined],
    ['POST', '/replies', JSON.stringify({ body: 'hello', upload_ids: [] })],
    ['PUT', '/status', JSON.stringify({ status: 'resolved' })],
    ['PUT', '/read', JSON.stringify({})],
    ['GET', '/attachments/' + theirs, undefined],
  ];
  for (const [method, path, body] of calls) {
    const seen = await Promise.all(
      [theirs, nobodys].map(async (id) => {
        const response = await fetch(`${edge}/api/v1/support/tickets/${id}${path}`, {
          method,
          body,
          headers: {
            authorization: `Bearer ${bearer}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }),
          },
        });
        return { status: response.status, headers: [...response.headers.keys()].sort(), body: withoutReference(await response.text()) };
      }),
    );
    expect(seen[0], `${method} ${path}`).toEqual(seen[1]);
    if (method === 'GET') expect(seen[0].status).toBe(404);
  }

  await otherCustomer.page.goto(`/tickets/${theirs}`);
  await expect(otherCustomer.page.getByText('We cannot find this ticket.')).toBeVisible();
  // Their own list stands beside it, with demo tickets of the same names; the place for the ticket has none.
  await expect(otherCustomer.page.getByRole('heading', { level: 1, name: subject })).toHaveCount(0);
  await expect(messages(otherCustomer.page)).toHaveCount(0);
});

test('somebody else’s token and a made-up ticket get nothing out of the reply route', async ({ customer }) => {
  const { page } = customer;
  await openTicket(page, demo.prices);
  const bearer = await token(page);
  const id = new URL(page.url()).pathname.split('/').pop() as string;
  const send = (authorization: string, ticket: string) =>
    fetch(`${edge}/api/v1/support/tickets/${ticket}/replies`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      body: JSON.stringify({ body: 'hello' }),
    });
  expect((await send(`Bearer ${bearer.slice(0, -8)}AAAAAAAA`, id)).status).toBe(401);
  expect((await send(`Bearer ${bearer}`, `${id.slice(0, -2)}zz`)).status).toBe(404);
  await expect(toast(page, /.+/)).toHaveCount(0);
});

// Each answer has a reference of its own, by which support finds it in the logs.
function withoutReference(text: string): string {
  return text.replace(/"reference":"[^"]*"/, '"reference":""');
}
