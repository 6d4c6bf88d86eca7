// Somebody writes to the privacy address: the answer's link leads to the questions, the code proves the address, and all is done.
import { goOnAsAccountHolder, send, statusLinkIn, verificationCode } from '../support/request-steps.mjs';
import { REQUEST } from '../support/request-words.mjs';
import { button, codeField, heading } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const letter = (from, text, more = '') => [
  `From: ${from}`, 'To: privacy@qliento.com', `Message-ID: <${crypto.randomUUID()}@example.com>`, 'Subject: RGPD',
  'Content-Type: text/plain; charset=utf-8', ...(more ? [more] : []), '', text, '',
].join('\r\n');

for (const words of Object.values(WORDS)) {
  const asking = REQUEST[words.lang];

  test.describe(`in ${words.name}`, () => {
    test.use({ locale: words.locale });

    test(`a letter is answered with a link behind which the account is erased, in ${words.name}`, async ({ page, deployment }) => {
      const { mail, write } = deployment;
      expect((await write(letter(words.owner, asking.mailed))).status).toBe(202);
      const answer = await mail.waitForLetter(words.owner, asking.letterMailed);
      const reference = answer.subject.match(/QD-\w{4}-\w{4}/)[0];

      await page.goto(statusLinkIn(answer));
      await expect(heading(page, asking.questionsLeft)).toBeVisible();
      await expect(page.getByRole('main')).not.toContainText(words.owner);
      await button(page, words.goOn).click();
      await expect(heading(page, asking.who)).toBeVisible();
      await page.getByRole('radio', { name: asking.accountHolder }).check();
      await goOnAsAccountHolder(page, words, asking, words.owner);
      await send(page, asking, asking.proofByMail);
      await expect(page.getByRole('main')).toContainText(reference);
      await codeField(page, words).fill(await verificationCode(mail, words.owner, asking));
      await button(page, asking.confirm).click();

      await expect(page).toHaveURL(statusLinkIn(answer));
      await expect(heading(page, asking.confirmed)).toBeVisible();
      await page.getByRole('link', { name: asking.accountLink }).click();
      await expect(heading(page, words.waiting)).toBeVisible();
    });

    test(`who is written to in another's name gets one letter, and nothing else happens, in ${words.name}`, async ({ deployment }) => {
      const { mail, write } = deployment;
      for (let forged = 0; forged < 3; forged += 1) await write(letter(words.owner, asking.mailed));
      await write(letter(words.owner, asking.mailed, 'Auto-Submitted: auto-replied'));
      await mail.waitForLetter(words.owner, asking.letterMailed);
      await write(letter('other@nowhere.example', asking.mailed));
      await mail.waitForLetter('other@nowhere.example', asking.letterMailed);

      expect(mail.to(words.owner)).toHaveLength(1);
    });
  });
}
