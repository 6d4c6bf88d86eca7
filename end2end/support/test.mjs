// The fixtures: a deployment of its own, somebody who is signed in, and a guard that lets no fault of a page pass.
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base } from '@playwright/test';
import { deploy, PASSWORD } from './deployment.mjs';

export const WORDS = {
  fr: { owner: 'camille@atelier-rivage.example', wait: /Renvoyer|Recevoir|nouveau code/i },
  en: { owner: 'harriet@harbour-coffee.example', wait: /another code/i },
};

export const test = base.extend({
  deployment: async ({}, use) => {
    const deployment = await deploy();
    await use(deployment);
    await deployment.stop();
  },

  baseURL: async ({ deployment }, use) => use(deployment.address),

  /** Pages that break a policy, throw, or ask for what is not there fail the test. */
  page: async ({ page }, use) => {
    const faults = [];
    page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
    page.on('console', (message) => {
      // A page that answers 4xx on purpose is logged by the browser; everything else that is red is a fault.
      if (message.type() === 'error' && !/status of (401|404|409|422|429|503)/.test(message.text())) {
        faults.push(message.text());
      }
    });
    await use(page);
    expect(faults).toEqual([]);
  },

  signIn: async ({ page }, use) => use(async (email, lang = 'fr') => {
    await page.goto(`/${lang}/login`);
    await page.locator('#email').fill(email);
    await page.locator('#password').fill(PASSWORD);
    await page.locator('form[action="/api/session/sign-in"] button').click();
    await expect(page).toHaveURL(new RegExp(`/${lang}/settings`));
  }),
});

export { expect, PASSWORD };

export const WIZARD = 'settings/danger-zone/delete-account';
export const code = (page) => page.locator('input[autocomplete="one-time-code"]');
export const beginButton = (page) => page.locator('form[action="/api/account/begin-deletion"] button[type=submit]');
export const confirmButton = (page) => page.locator('form[action="/api/account/confirm-deletion"] button[type=submit]');
export const problem = (page) => page.locator('[role=alert]').first();

/** From the settings, by clicking, to the page that asks for the code. */
export async function walkToCode(page, lang) {
  await page.goto(`/${lang}/settings`);
  await page.locator(`main a[href="/${lang}/settings/danger-zone"], nav a[href="/${lang}/settings/danger-zone"]`).first().click();
  await page.locator(`a[href="/${lang}/${WIZARD}"]`).first().click();
  await beginButton(page).click();
  await expect(code(page)).toBeVisible();
}

export async function expectReceipt(page) {
  await expect(page.locator('a[href$="/receipt"]')).toBeVisible({ timeout: 30_000 });
}

export async function expectAccessible(page) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
}

export async function expectNoSidewaysScroll(page) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect(content).toBeLessThanOrEqual(window);
}
