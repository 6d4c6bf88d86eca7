// What the island adds to the request form: no reload, and no more script than the budget allows.
import { answerAsEndUser, askByMail } from '../support/request-steps.mjs';
import { REQUEST } from '../support/request-words.mjs';
import { countScript } from '../support/script.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const { fr } = WORDS;
const asking = REQUEST.fr;

test('the whole form is one page that never reloads', async ({ page }) => {
  await page.goto('/fr/request');
  await page.waitForFunction(() => document.querySelector('leptos-island') !== null);
  let loads = 0;
  page.on('request', (request) => { if (request.isNavigationRequest()) loads += 1; });
  const script = countScript(page);

  await answerAsEndUser(page, fr, asking, { number: '+33 6 12 34 56 78', business: 'Rivage' });

  expect(loads, 'only the first page was loaded').toBe(1);
  expect(await script()).toBeLessThanOrEqual(90_000);
});

test('the status page looks again by itself', async ({ page, deployment }) => {
  await askByMail(page, fr, asking, 'nobody@nowhere.example', deployment.mail);

  await page.waitForResponse(async (asked) =>
    /\/api\/v1\/requests\/[\w-]+$/.test(asked.url()) && asked.ok() && (await asked.json()).state === 'erasing');
});
