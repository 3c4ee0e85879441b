import { join } from 'node:path';
import journeys from './playwright.config';
import { edge, root, start } from './support/system';

// A deployment and the way back, on this machine: `cargo xtask deploy` runs its own steps against a system that was started for it, while
// customers have the portal open. It builds the portal three times, so it runs on demand: `cargo xtask test rehearsal`.
export default {
  ...journeys,
  testDir: './rehearsal',
  testMatch: '**/*.spec.ts',
  grepInvert: undefined,
  workers: 1,
  retries: 0,
  timeout: 30 * 60_000,
  webServer: {
    ...journeys.webServer,
    command: start(`--place ${join(root, 'target/rehearsal/live')}`),
    url: `${edge}/`,
    reuseExistingServer: false,
  },
};
