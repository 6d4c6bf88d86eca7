// The code: what is forgiven, what is not, and that no bad one does anything.
import { camille } from '../support/people.mjs';
import { button, codeField, confirm, expectReceipt, heading, problem, walkToCode } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const { fr } = WORDS;
const otherThan = (code) => code.replace(/\d/g, (digit) => (Number(digit) + 1) % 10);

test.use({ refusals: [422] });

test('a wrong code costs a try, stays in its field, and the right one still works', async ({ page, deployment }) => {
  await walkToCode(page, fr, camille);
  const right = await deployment.mail.waitForCode(camille);
  const wrong = otherThan(right);

  await confirm(page, fr, wrong);
  await expect(problem(page)).toContainText('Il vous reste 4 essais');
  await expect(page).toHaveTitle(/^Erreur/);
  await expect(codeField(page, fr)).toHaveValue(wrong);
  await expect(codeField(page, fr)).toHaveAttribute('aria-invalid', 'true');

  await confirm(page, fr, right);
  await expectReceipt(page, fr);
});

test('a malformed code costs no try, is told what is wrong with it, and stays in its field', async ({ page, deployment }) => {
  await walkToCode(page, fr, camille);
  const right = await deployment.mail.waitForCode(camille);

  for (const [typed, sentence] of [
    ['', 'Saisissez le code reçu'],
    ['1234 567', 'Il manque des chiffres'],
    ['123456789', 'Il y a trop de chiffres'],
    ['1234567O', 'ne contient que des chiffres'],
  ]) {
    await confirm(page, fr, typed);
    await expect(problem(page)).toContainText(sentence);
    await expect(codeField(page, fr)).toHaveValue(typed);
  }
  await confirm(page, fr, otherThan(right));
  await expect(problem(page)).toContainText('Il vous reste 4 essais');
});

test('a code may be pasted with its spaces', async ({ page, deployment }) => {
  await walkToCode(page, fr, camille);
  const code = await deployment.mail.waitForCode(camille);
  const field = codeField(page, fr);

  await field.fill(`  ${code.slice(0, 4)} ${code.slice(4)} `);
  await field.press('Control+A');
  await field.press('Control+X');
  await expect(field).toHaveValue('');
  await field.press('Control+V');
  await expect(field).toHaveValue(`  ${code.slice(0, 4)} ${code.slice(4)} `);
  await button(page, fr.confirm).click();
  await expectReceipt(page, fr);
});

test('a telephone offers the code by itself: one field that says what it is', async ({ page }) => {
  await walkToCode(page, fr, camille);

  await expect(codeField(page, fr)).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(codeField(page, fr)).toHaveAttribute('inputmode', 'numeric');
  await expect(page.locator('main input:not([type=hidden])')).toHaveCount(1);
});

test('five wrong codes kill the code, also for whoever has the right one', async ({ page, deployment }) => {
  await walkToCode(page, fr, camille);
  const right = await deployment.mail.waitForCode(camille);
  for (const left of ['4 essais', '3 essais', '2 essais', '1 essai']) {
    await confirm(page, fr, otherThan(right));
    await expect(problem(page)).toContainText(`Il vous reste ${left}`);
  }
  await confirm(page, fr, otherThan(right));

  await expect(problem(page)).toContainText('n’est plus valable');
  await expect(heading(page, 'Demandez un nouveau code')).toBeVisible();
  await expect(codeField(page, fr)).toHaveCount(0);
  await expect(button(page, fr.resend)).toBeVisible();
});
