import { expect } from '@playwright/test';
import { helpdesk } from './system';

/** The agents' side of the help desk's double. */
export const operator = {
  async counters(): Promise<Record<string, unknown>> {
    return (await call('GET', '/operator/counters')) as Record<string, unknown>;
  },
  /** Everything that the help desk holds. */
  async state(): Promise<unknown> {
    return call('GET', '/operator/state');
  },
  /** The help desk's own id of a customer's ticket. */
  async find(email: string, subject: string): Promise<number> {
    const found = (await call('GET', '/operator/conversations')) as { id: number; subject: string; customer_email: string }[];
    const own = found.filter((conversation) => conversation.subject === subject && conversation.customer_email === email);
    expect(own, `one ticket of ${email} called ${subject}`).toHaveLength(1);
    return own[0].id;
  },
  /** An agent has answered, long enough ago that the answer is no longer held back for the agent to undo. */
  async reply(id: number, html: string): Promise<unknown> {
    return call('POST', `/operator/conversations/${id}/reply`, { html, seconds_ago: 30 });
  },
  /** An agent has written something that customers must never see. */
  async note(id: number, html: string): Promise<unknown> {
    return call('POST', `/operator/conversations/${id}/note`, { text: html });
  },
};

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(helpdesk + path, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  expect(response.ok, `${method} ${path}: ${response.status} ${text}`).toBe(true);
  return text === '' ? undefined : JSON.parse(text);
}
