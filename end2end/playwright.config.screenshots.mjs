// `npm run screenshots`: pictures of every page, to look at. Not a part of the tests.
import { defineConfig } from '@playwright/test';
import { chromium, desktop, phone } from './support/browser.mjs';

const looks = [desktop, phone].flatMap((viewport) => ['light', 'dark'].map((colorScheme) => ({
  name: `${viewport.width}-${colorScheme}`,
  use: { viewport, colorScheme },
  grepInvert: viewport === desktop && colorScheme === 'light' ? undefined : /README/,
})));

export default defineConfig({
  testDir: 'tests',
  testMatch: 'screenshots.mjs',
  globalSetup: './support/world.mjs',
  workers: 2,
  fullyParallel: true,
  timeout: 120_000,
  reporter: 'list',
  use: { launchOptions: chromium, locale: 'fr-FR' },
  projects: looks,
});
