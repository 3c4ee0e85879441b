import { expect } from '@playwright/test';
import { helpdesk } from './system';

/** A conversation as the help desk keeps it. */
export type Conversation = {
  id: number;
  number: number;
  status: string;
  subject: string;
  threads: { id: number; kind: string; body: string | null; attachments: number[] }[];
};

type Line = { id: number; customer_id: number; subject: string; customer_email: string };

/** The agents' side of the help desk's double. */
export const operator = {
  async counters(): Promise<Record<string, unknown>> {
    return (await call('GET', '/operator/counters')) as Record<string, unknown>;
  },
  /** A customer's tickets, newest first. */
  async of(email: string): Promise<Line[]> {
    const all = (await call('GET', '/operator/conversations')) as Line[];
    return all.filter((conversation) => conversation.customer_email === email);
  },
  /** The help desk's own id of a customer's ticket. */
  async find(email: string, subject: string): Promise<number> {
    const own = (await this.of(email)).filter((conversation) => conversation.subject === subject);
    expect(own, `one ticket of ${email} called ${subject}`).toHaveLength(1);
    return own[0].id;
  },
  async conversation(id: number): Promise<Conversation> {
    return (await call('GET', `/operator/conversations/${id}`)) as Conversation;
  },
  /** How often a customer's words are in a ticket. */
  async count(id: number, words: string): Promise<number> {
    const { threads } = await this.conversation(id);
    return threads.filter((thread) => thread.kind === 'customer' && thread.body?.includes(words)).length;
  },
  /** An agent has answered, long enough ago that the answer is no longer held back for the agent to undo. */
  async reply(id: number, html: string, more: object = {}): Promise<unknown> {
    return call('POST', `/operator/conversations/${id}/reply`, { html, agent: 'Maya', seconds_ago: 30, ...more });
  },
  /** An agent has written something that customers must never see. */
  async note(id: number, html: string): Promise<unknown> {
    return call('POST', `/operator/conversations/${id}/note`, { text: html });
  },
  async setStatus(id: number, status: string): Promise<unknown> {
    return call('PUT', `/operator/conversations/${id}/status`, { status });
  },
  /** Tells many tickets, or one with many messages, of a customer whom the help desk knows. */
  async seed(email: string, more: { messages?: number; tickets?: number }): Promise<{ long_conversation_id?: number }> {
    return (await call('POST', '/operator/seed-demo', { email, ...more })) as { long_conversation_id?: number };
  },
  /** Makes calls to one ticket go wrong. */
  async fault(fault: object): Promise<void> {
    await call('POST', '/operator/faults', fault);
  },
  async clearFaults(): Promise<void> {
    await call('DELETE', '/operator/faults');
  },
};

/** Waits until words have arrived in a ticket, and are there once. */
export async function arrivesOnce(id: number, words: string): Promise<void> {
  await expect.poll(() => operator.count(id, words), { message: `“${words}” at the help desk`, timeout: 40_000 }).toBe(1);
}

/** Waits until a ticket has arrived, and is there once. Answers its id. */
export async function opensOnce(email: string, subject: string): Promise<number> {
  const same = async () => (await operator.of(email)).filter((ticket) => ticket.subject === subject).map((ticket) => ticket.id);
  await expect.poll(async () => (await same()).length, { message: `“${subject}” at the help desk`, timeout: 40_000 }).toBe(1);
  return (await same())[0];
}

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
