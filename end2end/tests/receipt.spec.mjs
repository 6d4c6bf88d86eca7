// Anybody can check a receipt: the downloaded file, or its text, with and without JavaScript, signed in or not.
import { readFileSync } from 'node:fs';
import { expectAccessible, expectNoSidewaysScroll } from '../support/looks.mjs';
import { button, deleteAccount, expectReceipt, heading, problem } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const CHECK = {
  fr: {
    title: 'Vérifier un reçu',
    file: 'Le fichier du reçu',
    text: '… ou son contenu, collé ici',
    submit: 'Vérifier',
    genuine: 'Ce reçu est authentique.',
    refused: 'Ce reçu n’est pas confirmé',
    changed: /a été modifié après la signature/,
    invitation: 'Faire vérifier ce reçu',
  },
  en: {
    title: 'Check a receipt',
    file: 'The receipt’s file',
    text: '… or its content, pasted here',
    submit: 'Check',
    genuine: 'This receipt is genuine.',
    refused: 'This receipt is not confirmed',
    changed: /was changed after it was signed/,
    invitation: 'Have this receipt checked',
  },
};

test.use({ refusals: [422] });

for (const words of Object.values(WORDS)) {
  const check = CHECK[words.lang];

  test(`a receipt is checked by whoever holds it, in ${words.name}`, async ({ page, deployment, stranger, javaScriptEnabled }) => {
    const look = async (other) => {
      await expectNoSidewaysScroll(other);
      if (javaScriptEnabled ?? true) await expectAccessible(other);
    };
    await deleteAccount(page, words, words.owner, deployment.mail);
    await expectReceipt(page, words);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: words.download }).click(),
    ]);
    const file = await download.path();
    const text = readFileSync(file, 'utf8');
    const { reference } = JSON.parse(text);

    await page.getByRole('link', { name: check.invitation }).click();
    await expect(heading(page, check.title)).toBeVisible();
    const other = await stranger();
    await other.setViewportSize({ width: 360, height: 740 });
    await other.goto(`/${words.lang}/receipt`);
    await look(other);
    await other.getByLabel(check.file).setInputFiles({ name: 'receipt.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await button(other, check.submit).click();
    await expect(other.getByText(check.genuine, { exact: true })).toBeVisible();
    await expect(other.getByRole('main')).toContainText(reference);
    await look(other);

    await other.goto(`/${words.lang}/receipt`);
    await other.getByLabel(check.text).fill(text.replace(reference, 'QD-0000-0000'));
    await button(other, check.submit).click();
    await expect(problem(other)).toContainText(check.refused);
    await expect(problem(other)).toContainText(check.changed);
    await look(other);
  });
}
