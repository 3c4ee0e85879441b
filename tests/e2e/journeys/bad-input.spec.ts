import { operator } from '../support/helpdesk';
import { expect, test, token } from '../support/journey';
import { edge } from '../support/system';

type Attempt = { what: string; method: string; path: string; status: number; code: string; body?: string; headers?: Record<string, string>; signedIn?: false };

const tickets = '/api/v1/support/tickets';
const attempts: Attempt[] = [
  { what: 'no token', method: 'GET', path: tickets, status: 401, code: 'unauthenticated', signedIn: false },
  { what: 'a token of 8 KB', method: 'GET', path: tickets, status: 401, code: 'unauthenticated', signedIn: false, headers: { authorization: `Bearer ${'a'.repeat(8300)}` } },
  { what: 'malformed JSON', method: 'POST', path: tickets, status: 400, code: 'invalid', body: '{"subject": "x",' },
  { what: 'an unknown field', method: 'POST', path: tickets, status: 400, code: 'invalid', body: '{"subject":"x","body":"y","upload_ids":[],"is_admin":true}' },
  { what: 'a field twice', method: 'POST', path: tickets, status: 400, code: 'invalid', body: '{"subject":"x","subject":"z","body":"y","upload_ids":[]}' },
  { what: 'not JSON at all', method: 'POST', path: tickets, status: 415, code: 'unsupported_media_type', body: 'subject=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  { what: 'a body of 2 MB', method: 'POST', path: tickets, status: 413, code: 'too_large', body: JSON.stringify({ subject: 'x', body: 'y'.repeat(2_000_000) }) },
  { what: 'the wrong method', method: 'PATCH', path: tickets, status: 405, code: 'invalid' },
  { what: 'an unknown path', method: 'GET', path: '/api/v1/support/operators', status: 404, code: 'not_found' },
  { what: 'a path outside the contract', method: 'GET', path: '/api/conversations', status: 404, code: 'not_found' },
  { what: 'an id of another form', method: 'GET', path: `${tickets}/3abc`, status: 404, code: 'not_found' },
  { what: 'a query that does not exist', method: 'GET', path: `${tickets}?mailbox=1`, status: 400, code: 'invalid' },
];

test('bad input is answered with a problem document and goes no further', async ({ customer }) => {
  const bearer = await token(customer.page);
  // Nothing of the portal's own may be on its way while calls are counted.
  await customer.page.goto('about:blank');
  for (const attempt of attempts) {
    const before = await writes();
    const response = await fetch(edge + attempt.path, {
      method: attempt.method,
      body: attempt.body,
      headers: {
        ...(attempt.signedIn === false ? {} : { authorization: `Bearer ${bearer}` }),
        ...(attempt.body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }),
        ...attempt.headers,
      },
    });
    const problem = await response.json();
    expect({ what: attempt.what, status: response.status, code: problem.code }).toEqual({ what: attempt.what, status: attempt.status, code: attempt.code });
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(problem.reference).toMatch(/^R-/);
    expect(await writes(), attempt.what).toEqual(before);
  }
});

// What reached the help desk that changes something; reads may come from Raptor's own rounds at any time.
async function writes(): Promise<Record<string, number>> {
  const { by_route } = (await operator.counters()) as { by_route: Record<string, number> };
  return Object.fromEntries(Object.entries(by_route).filter(([route]) => !route.startsWith('GET ')));
}
