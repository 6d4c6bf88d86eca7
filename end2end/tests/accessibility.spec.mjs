// What a machine can check of accessibility, on every page, in both languages, by light and by dark.
import { expectAccessible, expectNoSidewaysScroll } from '../support/looks.mjs';
import { answerAsEndUser, send } from '../support/request-steps.mjs';
import { REQUEST } from '../support/request-words.mjs';
import { button, codeField } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { PROVOKED, visitCancellation, visitEveryPage } from '../support/visits.mjs';
import { WORDS } from '../support/words.mjs';

test.use({ refusals: PROVOKED });
test.slow(); // two looks at each page

for (const words of Object.values(WORDS)) {
  test(`axe finds nothing on any page in ${words.name}`, async ({ page, deployment }) => {
    await visitEveryPage({ page, deployment, words, look: expectAccessible });
  });

  test(`axe finds nothing on the pages of a deletion that waits, in ${words.name}`, async ({ page, deployment, stranger }) => {
    await visitCancellation({ page, deployment, stranger, words, look: expectAccessible });
  });

  test(`axe finds nothing where a number is proven, in ${words.name}, and it fits a telephone`, async ({ page }) => {
    const asking = REQUEST[words.lang];
    await answerAsEndUser(page, words, asking, { number: '+33 6 12 34 56 78' });
    await send(page, asking, asking.proofByNumber);
    await button(page, asking.showCode).click();
    await expect(page.getByRole('img', { name: asking.picture })).toBeVisible();
    await button(page, asking.sendCode).click();
    await expect(codeField(page, words)).toBeVisible();
    await expectAccessible(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await expectNoSidewaysScroll(page);
  });
}
