// A mail server that is down: it is said, nothing is lost, and the code comes when it is back.
import { camille } from '../support/people.mjs';
import { button, confirm, expectReceipt, problem, walkToCode } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const { fr } = WORDS;
const SAID = 'Notre serveur d’e-mail ne répond pas';

test.use({ refusals: [429, 503] });

test('a mail server that is down is said, and the code comes by itself when it is back', async ({ page, deployment }) => {
  const { mail } = deployment;
  await mail.stop();
  await walkToCode(page, fr, camille);
  await expect(page.getByText(SAID)).toBeVisible();

  await mail.start();
  await confirm(page, fr, await mail.waitForCode(camille));
  await expectReceipt(page, fr);
});

test('another code can be asked for once the mail server is back', async ({ page, deployment }) => {
  test.slow(); // half a minute has to pass
  const { mail } = deployment;
  await mail.stop();
  await walkToCode(page, fr, camille);
  await expect(page.getByText(SAID)).toBeVisible();
  await page.waitForTimeout(31_000);

  await mail.start();
  await button(page, fr.resend).click();
  await expect(page.getByText(SAID)).toBeHidden();
  const code = await mail.waitForCode(camille);
  await confirm(page, fr, code);
  await expectReceipt(page, fr);
});

test('a deletion that was confirmed does not wait for the mail server', async ({ page, deployment }) => {
  const { mail } = deployment;
  await walkToCode(page, fr, camille);
  const code = await mail.waitForCode(camille);
  await mail.stop();
  await confirm(page, fr, code);
  await expectReceipt(page, fr);

  await mail.start();
  await mail.waitForLetter(camille, fr.letters.completed, { seconds: 40 });
});

test('asking for another code at once is answered with the wait', async ({ page, deployment }) => {
  await walkToCode(page, fr, camille);
  await deployment.mail.waitForCode(camille);
  // With JavaScript the button waits by itself; the answer must be right without.
  const form = { lang: 'fr' };
  await page.request.post('/api/account/send-code', { form, headers: { origin: deployment.address }, maxRedirects: 0 });
  await page.reload();

  await expect(problem(page)).toContainText(/demander un autre code dans \d+\s+secondes?/);
  expect(deployment.mail.to(camille)).toHaveLength(1);
});
