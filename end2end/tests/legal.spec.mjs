// The legal page: what Meta's app review opens, and anybody may read, keep and print.
import { expectAccessible } from '../support/looks.mjs';
import { REQUEST } from '../support/request-words.mjs';
import { countScript } from '../support/script.mjs';
import { heading } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

for (const words of Object.values(WORDS)) {
  const asking = REQUEST[words.lang];

  test(`the legal page in ${words.name} has its nine parts, no script, and leads into wizard and form`, async ({ page }) => {
    const script = countScript(page);
    const answer = await page.goto(`/${words.lang}/data-deletion`);

    expect(answer.headers()['x-robots-tag']).toBe('all');
    expect(answer.headers()['cache-control']).toContain('public');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(asking.legal);
    await expect(page.getByRole('main')).toContainText(asking.updated);
    await expect(page.getByRole('heading', { level: 2 })).toHaveCount(9);
    await expect(page.getByRole('main').getByRole('link', { name: 'privacy@qliento.com' })).toHaveAttribute('href', 'mailto:privacy@qliento.com');
    expect(await script()).toBe(0);

    await page.getByRole('link', { name: asking.deleteHere }).click();
    await expect(page).toHaveURL(/login\?next=\/settings\/danger-zone\/delete-account$/);
    await page.goto(`/${words.lang}/data-deletion`);
    await page.getByRole('link', { name: asking.askHere, exact: true }).click();
    await expect(heading(page, asking.who)).toBeVisible();
  });

  test(`the legal page in ${words.name} prints on paper without navigation`, async ({ page }) => {
    await page.goto(`/${words.lang}/data-deletion`);
    await page.emulateMedia({ media: 'print' });

    await expect(page.getByRole('navigation')).toHaveCount(0);
    await expect(page.getByRole('heading', { level: 2 })).toHaveCount(9);
  });
}

test.describe('for everybody', () => {
  test.skip(({ javaScriptEnabled }) => !javaScriptEnabled, 'axe is a script');

  test('axe finds nothing on the legal page', async ({ page }) => {
    for (const lang of ['fr', 'en']) {
      await page.goto(`/${lang}/data-deletion`);
      await expectAccessible(page);
    }
  });
});
