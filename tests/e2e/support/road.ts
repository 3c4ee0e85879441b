import { expect, type Page, type Request, type Route } from '@playwright/test';

// The road between the browser and the edge. What goes wrong behind the edge, the operator side of the help desk's double does.

/** A call of the portal. */
export type Call = { method: string; path: RegExp };

/** The portal's calls that write. */
export const calls = {
  list: { method: 'GET', path: /\/support\/tickets$/ },
  read: { method: 'GET', path: /\/support\/tickets\/tk_[^/]+$/ },
  create: { method: 'POST', path: /\/support\/tickets$/ },
  reply: { method: 'POST', path: /\/replies$/ },
  withdraw: { method: 'DELETE', path: /\/replies\/[^/]+$/ },
  status: { method: 'PUT', path: /\/status$/ },
  rate: { method: 'PUT', path: /\/rating$/ },
  upload: { method: 'POST', path: /\/uploads$/ },
  download: { method: 'GET', path: /\/attachments\/[^/]+$/ },
  export: { method: 'GET', path: /\/export$/ },
  topics: { method: 'GET', path: /\/topics$/ },
  notices: { method: 'GET', path: /\/notices$/ },
  events: { method: 'GET', path: /\/events$/ },
  challenge: { method: 'POST', path: /\/passkey\/options$/ },
  session: { method: 'POST', path: /\/passkey\/session$/ },
  signOut: { method: 'DELETE', path: /\/auth\/session$/ },
} satisfies Record<string, Call>;

/** Something that happens on the road, and how often it has. */
export class Event {
  happened = 0;

  /** It has happened by now, so that the journey was disturbed as it meant to be. */
  async wasMet(): Promise<void> {
    await expect.poll(() => this.happened, 'the disturbance was met').toBeGreaterThan(0);
  }
}

export const road = {
  /** The answer takes its time. */
  slow: (page: Page, call: Call, milliseconds = 1_500) =>
    disturb(page, call, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      await route.continue();
    }),
  /** The edge or Raptor refuses, in the words of the contract. */
  refused: (page: Page, call: Call, status: number, code: string, more: object = {}, headers: Record<string, string> = {}) =>
    disturb(page, call, async (route) =>
      route.fulfill({
        status,
        headers,
        contentType: 'application/problem+json',
        body: JSON.stringify({ type: `urn:raxx:support:problem:${code}`, title: 'This was refused.', status, code, reference: 'R-WAKJ1-G15PH', ...more }),
      }),
    ),
  /** Something in between answers with a page of its own. */
  broken: (page: Page, call: Call, status = 502) =>
    disturb(page, call, async (route) => route.fulfill({ status, contentType: 'text/html', body: '<h1>Bad gateway</h1>' })),
  /** The call never arrives. */
  cut: (page: Page, call: Call) => disturb(page, call, async (route) => route.abort('connectionreset')),
  /** The call is carried out, and its answer never arrives. */
  answerLost: (page: Page, call: Call) =>
    disturb(page, call, async (route) => {
      await route.fetch();
      await route.abort('timedout');
    }),
  /** Nothing comes back until the browser gives up; what was asked for is carried out. */
  silent: (page: Page, call: Call) =>
    disturb(page, call, async (route) => {
      await route.fetch();
    }),
};

/** Lets something happen to the next call of a kind. Later ones pass. */
async function disturb(page: Page, call: Call, happen: (route: Route) => Promise<void>): Promise<Event> {
  const event = new Event();
  await page.route(
    (url) => call.path.test(url.pathname),
    async (route) => {
      if (route.request().method() !== call.method || event.happened > 0) return route.fallback();
      event.happened += 1;
      await happen(route);
    },
  );
  return event;
}

/** Lets something happen to every call of a kind. */
export async function always(page: Page, call: Call, happen: (route: Route) => Promise<void>): Promise<Event> {
  const event = new Event();
  await page.route(
    (url) => call.path.test(url.pathname),
    async (route) => {
      if (route.request().method() !== call.method) return route.fallback();
      event.happened += 1;
      await happen(route);
    },
  );
  return event;
}

/** Counts the calls of a kind that leave the page from now on. */
export function counted(page: Page, call: Call): Event {
  const event = new Event();
  page.on('request', (request: Request) => {
    if (request.method() === call.method && call.path.test(new URL(request.url()).pathname)) event.happened += 1;
  });
  return event;
}

/** Keeps what is asked for at such addresses back until it is let go. */
export async function held(page: Page, path: RegExp): Promise<() => void> {
  let letGo = () => {};
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(path, async (route) => {
    await gone;
    await route.continue();
  });
  return letGo;
}
