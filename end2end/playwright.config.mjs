// Real Chromium, the real program, a real SMTP server. Every journey runs with and without JavaScript.
import { defineConfig } from '@playwright/test';
import { chromium, desktop, phone } from './support/browser.mjs';

export default defineConfig({
  testDir: 'tests',
  globalSetup: './support/world.mjs',
  workers: 4, // on two cores: a test mostly waits
  fullyParallel: true,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: { launchOptions: chromium, trace: 'off' },
  projects: [
    { name: 'chromium', use: { viewport: desktop }, testIgnore: /identity\.spec/ },
    { name: 'phone', use: { viewport: phone, hasTouch: true }, testMatch: /(journey|accessibility)\.spec/ },
    { name: 'no-javascript', use: { viewport: desktop, javaScriptEnabled: false }, testIgnore: /(identity|accessibility|\.island)\.spec/ },
    // Last, because it needs a sign-in that is five minutes old: the other tests are the wait.
    { name: 'five minutes later', use: { viewport: desktop }, testMatch: /identity\.spec/ },
  ],
});
