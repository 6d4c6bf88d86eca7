// Somebody without access to an account asks for its deletion: from the legal page to the end, in French and in English.
import { ousmane } from '../support/people.mjs';
import {
  answerAsAccountHolder, answerAsEndUser, askByMail, begin, goOn, send, statusLinkIn, verificationCode,
} from '../support/request-steps.mjs';
import { REQUEST } from '../support/request-words.mjs';
import { button, codeField, heading, problem } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const NOBODY = 'nobody@nowhere.example';

for (const words of Object.values(WORDS)) {
  const asking = REQUEST[words.lang];

  test.describe(`in ${words.name}`, () => {
    test.use({ locale: words.locale, refusals: [404, 409, 422] });

    test(`a customer without access asks for deletion in ${words.name} and follows it by the private link`, async ({ page, deployment, stranger }) => {
      const { mail } = deployment;
      await page.goto('/data-deletion');
      await expect(page).toHaveURL(`/${words.lang}/data-deletion`);
      await page.getByRole('link', { name: asking.askHere, exact: true }).click();
      await expect(heading(page, asking.who)).toBeVisible();

      await answerAsAccountHolder(page, words, asking, words.owner);
      await expect(page.getByRole('main')).toContainText(words.owner);
      await send(page, asking, asking.proofByMail);
      const reference = (await page.getByRole('main').innerText()).match(/QD-\w{4}-\w{4}/)[0];
      await codeField(page, words).fill(await verificationCode(mail, words.owner, asking));
      await button(page, asking.confirm).click();

      await expect(page).toHaveURL(new RegExp(`/${words.lang}/status/[\\w-]+$`));
      await expect(heading(page, asking.confirmed)).toBeVisible();
      await expect(page.getByRole('main')).toContainText(reference);
      const received = await mail.waitForLetter(words.owner, asking.letterReceived);
      expect(received.subject).toContain(reference);
      expect(statusLinkIn(received)).toBe(page.url());

      const other = await stranger();
      await other.goto(page.url());
      await expect(heading(other, asking.confirmed)).toBeVisible();
      await expect(other.getByRole('link', { name: asking.accountLink })).toBeVisible();
      await other.getByRole('link', { name: asking.accountLink }).click();
      await expect(heading(other, words.waiting)).toBeVisible();
    });

    test(`every wrong answer is told beside its field and kept, in ${words.name}`, async ({ page }) => {
      const { faults } = asking;
      const refused = async (sentence) => {
        await button(page, words.goOn).click();
        await expect(problem(page)).toContainText(sentence);
        await expect(page.locator('.field-error')).toContainText(sentence);
      };
      await page.goto(`/${words.lang}/request`);
      await refused(faults.role);
      await page.getByRole('radio', { name: asking.endUser }).check();
      await goOn(page, words, asking.number);
      const field = page.getByLabel(asking.numberField, { exact: true });
      await refused(faults.missing);
      for (const [typed, sentence] of [
        ['+33 1 42 68 53 00', faults.landline], ['36 39', faults.short], ['120363025246125486@g.us', faults.group],
        ['+33 6 12 AB', faults.letters], ['+٣٣ ٦١٢٣٤٥٦٧٨', faults.digits], ['06 12 34 56 78', faults.country],
      ]) {
        await field.fill(typed);
        await refused(sentence);
        await expect(field).toHaveValue(typed);
      }
      await field.fill('+33 6 12 34 56 78');
      await goOn(page, words, asking.business);
      await page.getByLabel(asking.businessField).fill('https://evil.example');
      await refused(faults.link);
      await page.getByLabel(asking.businessField).fill('مقهى الميناء');
      await goOn(page, words, asking.contact);
      await page.getByLabel(asking.contactField).fill('ada@');
      await refused(faults.contact);
      await page.getByLabel(asking.contactField).fill('');
      await goOn(page, words, asking.statement);
      await refused(faults.statement);
      await page.getByRole('checkbox').check();
      await goOn(page, words, asking.check);
      await expect(page.getByRole('main')).toContainText('مقهى الميناء');
      await expect(page.getByRole('main')).toContainText('+33 6 12 34 56 78');
    });
  });
}

test.describe('whoever they are', () => {
  const { fr } = WORDS;
  const asking = REQUEST.fr;
  test.use({ locale: fr.locale, refusals: [404, 409, 422] });

  test('an address without an account sees the same pages and gets the same letters', async ({ page, deployment }) => {
    await askByMail(page, fr, asking, NOBODY, deployment.mail);
    await expect(page.getByRole('link', { name: asking.accountLink })).toHaveCount(0);
    await deployment.mail.waitForLetter(NOBODY, asking.letterReceived);
  });

  test('an answer can be changed from the page that shows all of them', async ({ page }) => {
    await answerAsEndUser(page, fr, asking, { number: '+33 6 12 34 56 78', business: 'Rivage' });
    await page.getByRole('link', { name: `${asking.change} ${asking.numberField}` }).click();
    await expect(heading(page, asking.number)).toBeVisible();
    await page.getByLabel(asking.numberField, { exact: true }).fill('+33 6 99 99 99 99');
    await goOn(page, fr, asking.business);
    await expect(page.getByLabel(asking.businessField)).toHaveValue('Rivage');
  });

  test('the back button shows what was answered, and leads forward once the request is sent', async ({ page }) => {
    await answerAsAccountHolder(page, fr, asking, NOBODY);
    await page.goBack();
    await expect(heading(page, asking.statement)).toBeVisible();
    await expect(page.getByRole('checkbox')).toBeChecked();
    await goOn(page, fr, asking.check);
    await send(page, asking, asking.proofByMail);
    await page.goto('/fr/request/check');
    await expect(heading(page, asking.proofByMail)).toBeVisible();
  });

  test('another tab that changes the answers does not change what is sent', async ({ page, context }) => {
    await answerAsAccountHolder(page, fr, asking, NOBODY);
    const other = await context.newPage();
    await other.goto('/fr/request/identity');
    await other.getByLabel(asking.accountField, { exact: true }).fill('other@nowhere.example');
    await goOn(other, fr, asking.statement);

    await button(page, asking.send).click();

    await expect(problem(page)).toBeVisible();
    await expect(page.getByRole('main')).toContainText('other@nowhere.example');
    await send(page, asking, asking.proofByMail);
  });

  test('the private link comes again by mail to whoever reads the mailbox', async ({ page, deployment }) => {
    await answerAsAccountHolder(page, fr, asking, NOBODY);
    await send(page, asking, asking.proofByMail);
    const reference = (await page.getByRole('main').innerText()).match(/QD-\w{4}-\w{4}/)[0];
    await page.goto('/fr/status');
    await page.getByLabel(asking.referenceField).fill(reference.toLowerCase());
    await page.getByLabel(asking.emailField, { exact: true }).fill(NOBODY);
    await button(page, asking.getLink).click();
    await expect(page.getByRole('status').filter({ hasText: asking.linkSent })).toBeVisible();
    const link = statusLinkIn(await deployment.mail.waitForLetter(NOBODY, asking.letterLink));
    await page.goto(link);
    await expect(heading(page, asking.oneStepLeft)).toBeVisible();
  });

  test('a request can be taken back before anything is deleted', async ({ page }) => {
    await answerAsAccountHolder(page, fr, asking, NOBODY);
    await send(page, asking, asking.proofByMail);
    await page.getByRole('link', { name: /\/fr\/status\// }).click();
    await expect(heading(page, asking.oneStepLeft)).toBeVisible();
    await button(page, asking.withdraw).click();
    await expect(heading(page, asking.withdrawn)).toBeVisible();
  });

  test('a page of the form without its answers leads to its beginning', async ({ page }) => {
    await page.goto('/fr/request/check');
    await expect(heading(page, asking.who)).toBeVisible();
    await begin(page, fr, asking, asking.representative);
    await button(page, fr.goOn).click();
    await expect(page).toHaveURL(/\/fr\/request\/identity$/);
    await page.goto('/fr/request/statement');
    await expect(page).toHaveURL(/\/fr\/request\/identity$/);
  });

  test('one of two owners asks, and the other is told and stops it', async ({ page, deployment, stranger }) => {
    await askByMail(page, fr, asking, ousmane, deployment.mail);
    const letter = await deployment.mail.waitForLetter('awa@savane-tours.example', fr.letters.announced);
    const link = letter.text.match(/^http:\/\/\S+\/erasure\/\S+$/m)[0];
    const awas = await stranger();
    await awas.goto(link);
    await button(awas, fr.cancel).click();
    await expect(heading(awas, fr.cancelled)).toBeVisible();
  });
});
