import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { always, calls, type Event } from './road';
import { root } from './system';

const body = JSON.stringify(JSON.parse(readFileSync(`${root}/shared/golden.json`, 'utf8'))['listNotices.response']);

/** From now on there are the notices of the contract's example. */
export const published = (page: Page): Promise<Event> => always(page, calls.notices, (route) => route.fulfill({ contentType: 'application/json', body }));

export const notices = (page: Page) => page.getByRole('region', { name: 'Notices' });

/** Those above the form for a new ticket, in full. */
export const noticesInForm = (page: Page) => page.getByRole('group', { name: 'Notices' });
