// Every page: on a narrow screen, and in the other language.
import { expectNoSidewaysScroll } from '../support/looks.mjs';
import { askForCode, confirm, expectReceipt, signIn, WIZARD } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { PROVOKED, visitCancellation, visitEveryPage } from '../support/visits.mjs';
import { WORDS } from '../support/words.mjs';

test.use({ refusals: PROVOKED });

for (const words of Object.values(WORDS)) {
  test(`no page scrolls sideways on a telephone in ${words.name}`, async ({ page, deployment, stranger }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await visitEveryPage({ page, deployment, words, look: expectNoSidewaysScroll });
    await visitCancellation({ page, deployment, stranger, words, look: expectNoSidewaysScroll });
  });
}

test('the other language is the same page', async ({ page, deployment }) => {
  const { fr, en } = WORDS;
  const there = async (words, path) => {
    await page.getByRole('link', { name: words.otherLanguage }).click();
    const other = words === fr ? en : fr;
    await expect(page).toHaveURL(new RegExp(`/${other.lang}/${path}$`));
    await expect(page.locator('html')).toHaveAttribute('lang', other.lang);
  };
  await page.goto(`/fr/${WIZARD}`);
  await there(fr, 'login\\?next=/settings/danger-zone/delete-account');
  for (const path of ['login', 'nowhere']) {
    await page.goto(`/en/${path}`);
    await there(en, path);
  }
  await signIn(page, fr, fr.owner);
  for (const path of ['settings', 'settings/danger-zone', WIZARD]) {
    await page.goto(`/fr/${path}`);
    await there(fr, path);
    await there(en, path);
  }
  await askForCode(page, fr);
  await there(fr, `${WIZARD}/code`);
  await confirm(page, en, await deployment.mail.waitForCode(fr.owner));
  await expectReceipt(page, en);
  await there(en, 'erasure/[\\w-]+');
  await expectReceipt(page, fr);
});
