import { expect } from '@playwright/test';
import { helpdesk } from './system';

/** The agents' side of the help desk's double. */
export const operator = {
  async counters(): Promise<Record<string, unknown>> {
    return (await call('GET', '/operator/counters')) as Record<string, unknown>;
  },
  async conversations(): Promise<unknown> {
    return call('GET', '/operator/conversations');
  },
  async conversation(id: number): Promise<unknown> {
    return call('GET', `/operator/conversations/${id}`);
  },
  async reply(id: number, text: string): Promise<unknown> {
    return call('POST', `/operator/conversations/${id}/reply`, { text });
  },
  async note(id: number, text: string): Promise<unknown> {
    return call('POST', `/operator/conversations/${id}/note`, { text });
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
