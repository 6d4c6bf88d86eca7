// The same thing twice: two tabs, two clicks, two requests at once. It happens once.
import { camille } from '../support/people.mjs';
import { askForCode, button, codeField, confirm, expectReceipt, walkToCode, WIZARD } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const { fr } = WORDS;
const confirmations = (mail) => mail.to(camille).filter(({ subject }) => subject.match(fr.letters.started));

test('in two tabs there is one code, and the second confirmation leads to the same deletion', async ({ page, context, deployment }) => {
  const { mail } = deployment;
  await walkToCode(page, fr, camille);
  const code = await mail.waitForCode(camille);
  const tab = await context.newPage();
  await tab.goto(`/fr/${WIZARD}`);
  await askForCode(tab, fr);
  expect(mail.to(camille), 'no second letter').toHaveLength(1);

  await confirm(page, fr, code);
  await expect(page).toHaveURL(/\/fr\/erasure\//);
  await confirm(tab, fr, code);
  await expect(tab).toHaveURL(page.url());
  await expectReceipt(tab, fr);
  await mail.waitForLetter(camille, fr.letters.completed);
  expect(confirmations(mail)).toHaveLength(1);
});

test('a double click confirms once and shows the deletion', async ({ page, deployment }) => {
  const { mail } = deployment;
  await walkToCode(page, fr, camille);
  await codeField(page, fr).fill(await mail.waitForCode(camille));

  await button(page, fr.confirm).dblclick();
  await expectReceipt(page, fr);
  await mail.waitForLetter(camille, fr.letters.completed);
  expect(confirmations(mail)).toHaveLength(1);
});

test('of ten confirmations at once one counts, and all lead to the same deletion', async ({ page, deployment }) => {
  const { mail, address } = deployment;
  await walkToCode(page, fr, camille);
  const form = { lang: 'fr', code: await mail.waitForCode(camille) };
  const send = () => page.request.post('/api/account/confirm-deletion', { form, headers: { origin: address }, maxRedirects: 0 });

  const answers = await Promise.all(Array.from({ length: 10 }, send));
  const led = answers.map((answer) => answer.headers().location ?? String(answer.status()));
  const erasures = new Set(led.filter((place) => place.includes('/erasure/')));
  expect(erasures.size, led.join(' ')).toBe(1);
  await page.goto([...erasures][0]);
  await expectReceipt(page, fr);
  await mail.waitForLetter(camille, fr.letters.completed);
  expect(confirmations(mail)).toHaveLength(1);
});

test('a form of another site changes nothing', async ({ page, deployment }) => {
  await walkToCode(page, fr, camille);
  const form = { lang: 'fr', code: await deployment.mail.waitForCode(camille) };

  const answer = await page.request.post('/api/account/confirm-deletion', {
    form, maxRedirects: 0, headers: { origin: 'https://evil.example' },
  });
  expect(answer.status()).toBe(403);
  await page.goto('/fr/settings');
  await expect(page.getByRole('main')).toContainText('Atelier Rivage');
});
