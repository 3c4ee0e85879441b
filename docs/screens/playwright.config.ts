import { defineConfig } from '@playwright/test';
import base from '../../tests/e2e/playwright.config';

// Pictures of every page and state: `npx playwright test --config docs/screens`. The system is started as for the journeys.
export default defineConfig({
  ...base,
  testDir: '.',
  timeout: 180_000,
  reporter: [['list']],
  use: { ...base.use, screenshot: 'off', trace: 'off' },
});
