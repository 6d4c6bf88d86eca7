// Real Chromium, the real program, a real SMTP server. Every journey runs with and without JavaScript.
import { defineConfig } from '@playwright/test';

const launchOptions = {
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
  ],
};
const desktop = { width: 1280, height: 900 };
const phone = { width: 360, height: 740 };

export default defineConfig({
  testDir: 'tests',
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: { launchOptions, trace: 'off' },
  projects: [
    { name: 'javascript', use: { viewport: desktop } },
    { name: 'phone', use: { viewport: phone }, testMatch: /(journey|pages)\.spec/ },
    { name: 'no-javascript', use: { viewport: desktop, javaScriptEnabled: false }, testIgnore: /\.island\.spec/ },
  ],
});
