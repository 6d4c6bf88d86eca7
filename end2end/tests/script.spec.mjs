// What a page brings of script: nothing, or little.
import { camille } from '../support/people.mjs';
import { countScript } from '../support/script.mjs';
import { heading, signIn, WIZARD } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const { fr } = WORDS;
const BUDGET_BYTES = 90_000;

test.use({ refusals: [404] });

test('pages without an island bring not one byte of script', async ({ page }) => {
  const bytes = countScript(page);
  await signIn(page, fr, camille);
  for (const path of ['settings', 'settings/danger-zone', 'nowhere', 'login']) {
    await page.goto(`/fr/${path}`, { waitUntil: 'networkidle' });
    await expect(page.locator('script')).toHaveCount(0);
    expect(await bytes(), path).toBe(0);
  }
});

test('the wizard brings less than 90 kB of script', async ({ page, javaScriptEnabled }) => {
  await signIn(page, fr, camille);
  const bytes = countScript(page);
  await page.goto(`/fr/${WIZARD}`, { waitUntil: 'networkidle' });
  await expect(heading(page, fr.overview)).toBeVisible();

  const sum = await bytes();
  expect(sum).toBeLessThan(BUDGET_BYTES);
  if (javaScriptEnabled !== false) expect(sum, 'or nothing was counted').toBeGreaterThan(10_000);
});
