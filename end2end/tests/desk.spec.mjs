// The desk: somebody asks for another, an officer proposes a refusal, a second one in another browser confirms it.
import { officer, secondOfficer, setUp, visit } from '../support/console-steps.mjs';
import { CONSOLE } from '../support/console-words.mjs';
import { askedForAnother } from '../support/desk-steps.mjs';
import { button, heading, problem } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';

const SOMEBODY = 'somebody@example.fr';

for (const words of Object.values(CONSOLE)) {
  test.describe(`in ${words.name}`, () => {
    test.use({ locale: words.locale, refusals: [403, 422] });

    test(`a refusal takes two officers, and the person is told why, in ${words.name}`, async ({ page, stranger, deployment }) => {
      const reference = await askedForAnother(page, deployment, words.lang, SOMEBODY);
      await setUp(page, words, officer);
      await visit(page, words.requests);
      await page.getByRole('link', { name: reference }).click();
      await expect(heading(page, words.request(reference))).toBeVisible();
      await expect(page.getByRole('main')).not.toContainText('699887766');
      await page.getByRole('link', { name: words.reveal }).click();
      await expect(page.getByRole('main')).toContainText('699887766');

      await page.getByText(words.refuse, { exact: true }).click();
      await page.getByLabel(words.ground).selectOption('authority_not_shown');
      await page.getByRole('textbox', { name: words.explanation }).fill(words.why);
      await button(page, words.propose).click();
      await expect(page.getByRole('status')).toContainText(words.proposed);
      await expect(button(page, words.confirm)).toHaveCount(0);

      const other = await stranger();
      await setUp(other, words, secondOfficer);
      await visit(other, words.requests);
      await other.getByLabel(words.only).selectOption('waiting');
      await button(other, words.show).click();
      await expect(other.getByRole('row', { name: reference })).toContainText(words.second);
      await other.getByRole('link', { name: reference }).click();
      await expect(other.getByRole('main')).toContainText(words.why);
      const before = deployment.mail.to(SOMEBODY).length;
      await button(other, words.confirm).click();
      await expect(other.getByRole('status')).toContainText(words.confirmed);

      const letter = await deployment.mail.waitForLetter(SOMEBODY, /./, { after: before });
      expect(letter.text).toContain('12(6)');
      await page.goto(letter.text.match(/^http:\/\/\S+\/status\/\S+$/m)[0]);
      await expect(page.getByRole('main')).toContainText(words.why);
    });

    test(`what was typed too shortly stays in its form, in ${words.name}`, async ({ page, deployment }) => {
      const reference = await askedForAnother(page, deployment, words.lang, SOMEBODY);
      await setUp(page, words, officer);
      await visit(page, words.requests);
      await page.getByRole('link', { name: reference }).click();

      await page.getByText(words.refuse, { exact: true }).click();
      await page.getByLabel(words.ground).selectOption('excessive');
      await page.getByRole('textbox', { name: words.explanation }).fill('Non.');
      await button(page, words.propose).click();

      await expect(problem(page)).toContainText('30');
      await expect(page.getByRole('textbox', { name: words.explanation })).toHaveValue('Non.');
      await expect(page.getByLabel(words.ground)).toHaveValue('excessive');
    });
  });
}
