import { defineConfig } from '@playwright/test';

/** Tests start and stop their own servers (tests/support), because many of them need one to be gone. */
export default defineConfig({
  outputDir: 'test-results',
  timeout: 60_000,
  workers: 2,
  forbidOnly: !!process.env.CI,
  // Shared machines stall for seconds; elsewhere a test that fails has failed.
  retries: process.env.CI ? 2 : 0,
  reporter: 'list',
  use: {
    browserName: 'chromium',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1180, height: 820 },
    hasTouch: true,
    serviceWorkers: 'allow',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROME_PATH || '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-background-networking'],
    },
  },
  projects: [
    { name: 'browser', testDir: 'tests/browser', testMatch: '**/*.spec.ts' },
    { name: 'e2e', testDir: 'tests/e2e', testMatch: '**/*.spec.ts' },
  ],
});
