import { expect, type Page, type Request, type Route } from '@playwright/test';

// The road between the browser and the edge. What goes wrong behind the edge, the operator side of the help desk's double does.

/** A call of the portal. */
export type Call = { method: string; path: RegExp; query?: RegExp };

/** The portal's calls. */
export const calls = {
  list: { method: 'GET', path: /\/support\/tickets$/ },
  search: { method: 'GET', path: /\/support\/tickets$/, query: /[?&]q=/ },
  /** The open tickets that a new one is compared with. */
  similar: { method: 'GET', path: /\/support\/tickets$/, query: /[?&]limit=50(&|$)/ },
  nextPage: { method: 'GET', path: /\/support\/tickets$/, query: /[?&]cursor=/ },
  read: { method: 'GET', path: /\/support\/tickets\/tk_[^/]+$/ },
  olderPage: { method: 'GET', path: /\/support\/tickets\/tk_[^/]+$/, query: /[?&]before=/ },
  create: { method: 'POST', path: /\/support\/tickets$/ },
  reply: { method: 'POST', path: /\/replies$/ },
  withdraw: { method: 'DELETE', path: /\/replies\/[^/]+$/ },
  status: { method: 'PUT', path: /\/status$/ },
  rate: { method: 'PUT', path: /\/rating$/ },
  marker: { method: 'PUT', path: /\/read$/ },
  discard: { method: 'DELETE', path: /\/uploads\/[^/]+$/ },
  upload: { method: 'POST', path: /\/uploads$/ },
  download: { method: 'GET', path: /\/attachments\/[^/]+$/ },
  export: { method: 'GET', path: /\/export$/ },
  topics: { method: 'GET', path: /\/topics$/ },
  notices: { method: 'GET', path: /\/notices$/ },
  events: { method: 'GET', path: /\/events$/ },
  challenge: { method: 'POST', path: /\/passkey\/options$/ },
  session: { method: 'POST', path: /\/passkey\/session$/ },
  renew: { method: 'POST', path: /\/auth\/session\/renew$/ },
  /** The newest page, to see whether there is a newer version. */
  newestPage: { method: 'GET', path: /^\/sign-in$/ },
  signOut: { method: 'DELETE', path: /\/auth\/session$/ },
} satisfies Record<string, Call>;

/** Something that happens on the road, and how often it has. */
export class Event {
  happened = 0;

  constructor(private readonly end: () => Promise<void> = async () => undefined) {}

  /** It has happened by now, so that the journey was disturbed as it meant to be. */
  async wasMet(): Promise<void> {
    await expect.poll(() => this.happened, 'the disturbance was met').toBeGreaterThan(0);
  }

  /** From now on it does not happen any more. */
  async isOver(): Promise<void> {
    await this.end();
  }
}

/** What a call meets. */
type Fate = (route: Route) => Promise<void>;

export const fate = {
  /** The answer takes its time. */
  slow:
    (milliseconds = 1_500): Fate =>
    async (route) => {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      await route.continue();
    },
  /** The edge or Raptor refuses, in the words of the contract. */
  refused:
    (status: number, code: string, more: object = {}, headers: Record<string, string> = {}): Fate =>
    (route) =>
      route.fulfill({
        status,
        headers,
        contentType: 'application/problem+json',
        body: JSON.stringify({ type: `urn:raxx:support:problem:${code}`, title: 'This was refused.', status, code, reference: 'R-WAKJ1-G15PH', ...more }),
      }),
  /** Something in between answers with a page of its own. */
  broken:
    (status = 502): Fate =>
    (route) =>
      route.fulfill({ status, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }),
  /** The call never arrives. */
  cut: (): Fate => (route) => route.abort('connectionreset'),
  /** The call is carried out, and its answer never arrives. */
  answerLost: (): Fate => async (route) => {
    await route.fetch();
    await route.abort('timedout');
  },
  /** Nothing comes back until the browser gives up; what was asked for is carried out. */
  silent: (): Fate => async (route) => {
    await route.fetch();
  },
  /** The answer arrives, and says something else. */
  changed:
    <T extends object>(change: (answer: T) => object): Fate =>
    async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ json: change((await answer.json()) as T) });
    },
};

/** What the next call of a kind meets. */
export const road = {
  slow: (page: Page, call: Call, milliseconds?: number) => disturb(page, call, fate.slow(milliseconds)),
  refused: (page: Page, call: Call, status: number, code: string, more?: object, headers?: Record<string, string>) =>
    disturb(page, call, fate.refused(status, code, more, headers)),
  broken: (page: Page, call: Call, status?: number) => disturb(page, call, fate.broken(status)),
  cut: (page: Page, call: Call) => disturb(page, call, fate.cut()),
  answerLost: (page: Page, call: Call) => disturb(page, call, fate.answerLost()),
  silent: (page: Page, call: Call) => disturb(page, call, fate.silent()),
};

/** Lets something happen to the next call of a kind. Later ones pass. */
const disturb = (page: Page, call: Call, happen: Fate): Promise<Event> => intercept(page, call, happen, 1);

/** Lets something happen to every call of a kind. */
export const always = (page: Page, call: Call, happen: Fate): Promise<Event> => intercept(page, call, happen, Infinity);

async function intercept(page: Page, call: Call, happen: Fate, times: number): Promise<Event> {
  const isMeant = (url: URL) => isCallTo(call, url);
  const meet = async (route: Route) => {
    if (route.request().method() !== call.method || event.happened >= times) return route.fallback();
    event.happened += 1;
    await happen(route);
  };
  const event = new Event(() => page.unroute(isMeant, meet));
  await page.route(isMeant, meet);
  return event;
}

const isCallTo = (call: Call, url: URL): boolean => call.path.test(url.pathname) && (call.query?.test(url.search) ?? true);

/** Counts the calls of a kind that leave the page from now on. */
export function counted(page: Page, call: Call): Event {
  const event = new Event();
  page.on('request', (request: Request) => {
    if (request.method() === call.method && isCallTo(call, new URL(request.url()))) event.happened += 1;
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
