import type { Page } from '@playwright/test';
import { edge } from './system';

/** What must not happen on any page of the portal. */
export type Offence = { kind: 'other origin' | 'policy violation' | 'console error' | 'page error' | 'vendor named'; what: string };

const names = [/freescout/i, /tickets\.raxx\.app/i];

/**
 * Watches a page from now on: every request, every answer, every line of the console, every report of the browser's security policies.
 * The list grows as things happen; it has to be empty in the end.
 */
export async function watch(page: Page): Promise<Offence[]> {
  const offences: Offence[] = [];
  const note = (kind: Offence['kind'], what: string) => offences.push({ kind, what });

  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.protocol !== 'blob:' && url.origin !== edge) note('other origin', request.url());
    if (url.pathname === '/reports/csp') note('policy violation', request.postData() ?? request.url());
  });
  page.on('response', async (response) => {
    const headers = Object.entries(await response.allHeaders().catch(() => ({}))).flat().join(' ');
    const type = response.headers()['content-type'] ?? '';
    // A stream of events has no end to wait for.
    const body = type.includes('event-stream') ? '' : await response.text().catch(() => '');
    for (const name of names) {
      if (name.test(headers) || name.test(body) || name.test(response.url())) note('vendor named', `${response.url()} says ${name}`);
    }
  });
  page.on('pageerror', (error) => note('page error', `${error}`));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // The browser itself writes a line for every answer of 400 or more; journeys through errors expect those by status.
    if (message.text().startsWith('Failed to load resource')) return;
    note('console error', message.text());
  });
  await page.exposeFunction('__noteViolation', (what: string) => note('policy violation', what));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = `${event.violatedDirective} blocked ${event.blockedURI || 'inline'} at ${event.sourceFile}:${event.lineNumber} ${event.sample}`;
      (window as unknown as { __noteViolation(what: string): void }).__noteViolation(report);
    });
  });
  return offences;
}
