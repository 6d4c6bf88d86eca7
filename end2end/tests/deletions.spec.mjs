// Deletions that the staff begins: one officer proposes, a second one in another browser names it again and confirms.
import { officer, secondOfficer, setUp, visit } from '../support/console-steps.mjs';
import { CONSOLE } from '../support/console-words.mjs';
import { proposeDeletion } from '../support/desk-steps.mjs';
import { linkIn } from '../support/mailbox.mjs';
import { camille } from '../support/people.mjs';
import { button, heading, problem } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';

const SLUG = 'atelier-rivage';

for (const words of Object.values(CONSOLE)) {
  test.describe(`in ${words.name}`, () => {
    test.use({ locale: words.locale, refusals: [422] });

    test(`an organization goes when two officers agree, and its people are told, in ${words.name}`, async ({ page, stranger, deployment }) => {
      await setUp(page, words, officer);
      await proposeDeletion(page, words, SLUG);
      await expect(page.getByRole('main')).toContainText(words.contractOver);
      await expect(button(page, words.deleteForGood)).toHaveCount(0);

      const other = await stranger();
      await setUp(other, words, secondOfficer);
      await visit(other, words.deletions);
      await expect(other.getByRole('main')).toContainText(words.contractOver);
      await other.getByLabel(words.nameAgain).fill('atelier');
      await button(other, words.deleteForGood).click();
      await expect(problem(other)).toContainText(words.notTheSame);
      await expect(other.getByLabel(words.nameAgain)).toHaveValue('atelier');
      await other.getByLabel(words.nameAgain).fill(SLUG);
      await button(other, words.deleteForGood).click();
      await expect(other.getByRole('status')).toContainText(words.deletionBegun);

      await deployment.mail.waitForLetter(camille, words.willBeDeleted);
      await expect
        .poll(() => linkIn(deployment.mail.to(camille).at(-1)) ?? '', { timeout: 30_000 })
        .toContain('/erasure/');
      await visit(other, words.deletions);
      await expect(other.getByRole('row', { name: officer })).toContainText(words.deletionDone);
      await expect(other.getByRole('row', { name: officer })).toContainText(secondOfficer);
    });

    test(`an officer takes a proposal back, in ${words.name}`, async ({ page }) => {
      await setUp(page, words, officer);
      await proposeDeletion(page, words, SLUG);

      await button(page, words.withdraw).click();

      await expect(page.getByRole('status')).toContainText(words.deletionOff);
      await expect(heading(page, words.deletions)).toBeVisible();
      await expect(page.getByRole('main')).not.toContainText(words.contractOver);
    });
  });
}
