import type { BrowserContext, Response } from '@playwright/test';
import { edge } from './system';

/** What must not happen on any page of the portal. */
export type Offence = { kind: 'other origin' | 'policy violation' | 'console error' | 'console warning' | 'page error' | 'vendor named' | 'cookie'; what: string };

/** Those of our files whose bytes were read already: their names hold a digest, so nobody gets others. */
const builtFiles = new Set<string>();

const names = [/freescout/i, /tickets\.raxx\.app/i, /x-fs-|fs_reply/i];

/**
 * Watches every page of a browser from now on: every request, every answer, every line of the console, every report of the browser's
 * security policies. The list grows as things happen; it has to be empty in the end.
 */
export class Watch {
  readonly offences: Offence[] = [];
  /** Every address that was asked for, in order. */
  readonly requests: string[] = [];
  /** What was answered with 400 or more, or not at all; many journeys want that. */
  readonly failures: string[] = [];
  /** Lines of the console that a journey brings about itself. */
  readonly expected: RegExp[] = [];
  private readonly reading = new Set<Promise<void>>();

  private constructor(private readonly context: BrowserContext) {}

  static async over(context: BrowserContext): Promise<Watch> {
    const watch = new Watch(context);
    const note = (kind: Offence['kind'], what: string) => watch.offences.push({ kind, what });

    context.on('request', (request) => {
      watch.requests.push(request.url());
      const url = new URL(request.url());
      if (url.protocol !== 'data:' && url.protocol !== 'blob:' && url.origin !== edge) note('other origin', request.url());
      if (url.pathname === '/reports/csp') note('policy violation', request.postData() ?? request.url());
    });
    context.on('requestfailed', (request) => watch.failures.push(`${request.failure()?.errorText} ${request.method()} ${request.url()}`));
    context.on('response', (response) => {
      if (response.status() >= 400) watch.failures.push(`${response.status()} ${response.request().method()} ${response.url()}`);
      const reading = watch.read(response).finally(() => watch.reading.delete(reading));
      watch.reading.add(reading);
    });
    context.on('weberror', (error) => note('page error', `${error.error()}`));
    context.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return;
      // The browser itself writes a line for every answer of 400 or more; journeys through errors expect those by status.
      if (message.text().startsWith('Failed to load resource')) return;
      // Ours: most journeys run without the service worker, so that they can disturb every request.
      if (message.text().startsWith('Service Worker registration blocked by Playwright')) return;
      // A busy machine uses a program later than the browser deems good, and nobody uses one that was fetched before a sign-in that is
      // called off. That what is announced is used, `announced.spec.ts` sees.
      if (/\/assets\/(sign-in|portal)-\w+\.wasm was preloaded using link preload but not used/.test(message.text())) return;
      if (watch.expected.some((line) => line.test(message.text()))) return;
      note(`console ${message.type() as 'error' | 'warning'}`, message.text());
    });
    await context.exposeFunction('__noteViolation', (what: string) => note('policy violation', what));
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const report = `${event.violatedDirective} blocked ${event.blockedURI || 'inline'} at ${event.sourceFile}:${event.lineNumber} ${event.sample}`;
        (window as unknown as { __noteViolation(what: string): void }).__noteViolation(report);
      });
    });
    return watch;
  }

  private async read(response: Response): Promise<void> {
    const headers = await response.allHeaders().catch(() => ({}) as Record<string, string>);
    if (headers['set-cookie']) this.offences.push({ kind: 'cookie', what: response.url() });
    // A stream of events has no end to wait for, and a built file is the same for everybody.
    const isStream = (headers['content-type'] ?? '').includes('event-stream');
    const isKnown = builtFiles.has(response.url());
    if (new URL(response.url()).pathname.startsWith('/assets/')) builtFiles.add(response.url());
    const body = isStream || isKnown ? '' : await response.body().then((bytes) => bytes.toString('latin1'), () => '');
    const seen = [response.url(), ...Object.entries(headers).flat(), body].join('\n');
    for (const name of names) {
      if (name.test(seen)) this.offences.push({ kind: 'vendor named', what: `${response.url()} says ${name}` });
    }
  }

  /** Everything that has happened, once all answers have been read. Called after the last page was closed. */
  async verdict(): Promise<Offence[]> {
    await Promise.allSettled([...this.reading]);
    return this.offences;
  }
}
