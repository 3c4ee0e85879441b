import { defineConfig } from '@playwright/test';
import { chromium } from './support/chromium';
import { edge, output, start } from './support/system';

// Journeys through the whole system, as it is shipped: the real worker in real workerd, Raptor, and the help-desk double. The system is
// started on ports of its own with data of its own, so that it does not disturb one that a developer has running.
export default defineConfig({
  testDir: './journeys',
  outputDir: `${output}/results`,
  snapshotDir: `${output}/snapshots`,
  testMatch: '**/*.spec.ts',
  forbidOnly: true,
  // In CI the whole system and two browsers share two cores; what passes only the second time is reported as flaky.
  retries: process.env.CI ? 1 : 0,
  fullyParallel: true,
  // Twice as many as cores: much of a journey is waiting for an answer.
  workers: 4,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['html', { outputFolder: `${output}/report`, open: 'never' }]],
  use: {
    baseURL: edge,
    browserName: 'chromium',
    headless: true,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    screenshot: 'only-on-failure',
    // What a service worker answers cannot be disturbed on the road. The journeys through it say so.
    serviceWorkers: 'block',
    // Costs a third of the time; look into a failure with `--trace on`.
    trace: process.env.CI ? 'on-first-retry' : 'off',
    launchOptions: {
      executablePath: chromium(),
      // Every journey compiles the portal anew and uses it for seconds: optimising it costs as much as everything else together.
      args: ['--js-flags=--liftoff-only', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
  webServer: {
    command: start(''),
    url: `${edge}/`,
    // A fresh machine compiles everything first.
    timeout: 40 * 60_000,
    stdout: 'ignore',
    stderr: 'pipe',
    // Whoever writes journeys keeps the system running: `REUSE_SYSTEM=1`.
    reuseExistingServer: process.env.REUSE_SYSTEM === '1',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
  },
});
