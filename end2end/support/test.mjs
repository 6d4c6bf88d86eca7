// The fixtures: a deployment, people with their browsers, and guards that let no fault of a page or the program pass.
import { expect, test as base } from '@playwright/test';
import { deploy } from './deployment.mjs';
import { checkLog, watch } from './guard.mjs';

export { expect };

export const test = base.extend({
  /** Refused requests that a test provokes: statuses, or the browser's names of failures. */
  refusals: [[], { option: true }],

  deployment: async ({}, use, testInfo) => {
    const deployment = await deploy();
    await use(deployment);
    await deployment.stop();
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('log', { body: deployment.log(), contentType: 'text/plain' });
    }
    checkLog(deployment.log());
  },

  baseURL: ({ deployment }, use) => use(deployment.address),

  context: async ({ context, refusals }, use) => {
    const check = watch(context, refusals);
    await use(context);
    check();
  },

  /** Another browser that never saw the site: `await stranger()` is its page. */
  stranger: async ({ browser, baseURL, refusals, viewport, javaScriptEnabled, locale }, use) => {
    const checks = [];
    const contexts = [];
    await use(async () => {
      const context = await browser.newContext({ baseURL, viewport, javaScriptEnabled, locale });
      checks.push(watch(context, refusals));
      contexts.push(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
    for (const check of checks) check();
  },
});
