// Several people, one organization: who is told, who may stop it, and who loses what.
import { linkIn } from '../support/mailbox.mjs';
import { awa, ines, leo, ousmane } from '../support/people.mjs';
import { button, codeField, confirm, deleteAccount, expectReceipt, fillSignIn, heading, problem, signIn, walkToCode, WIZARD } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const { fr } = WORDS;

test.use({ refusals: [401, 409] });

test('another owner is told by mail and cancels; nothing is lost and both can sign in again', async ({ page, deployment, stranger }) => {
  const { mail } = deployment;
  await deleteAccount(page, fr, ousmane, mail);
  await expect(heading(page, fr.waiting)).toBeVisible();

  const theirs = await stranger();
  await theirs.goto('/fr/login');
  await fillSignIn(theirs, fr, awa);
  await expect(problem(theirs), 'the organization is fenced').toBeVisible();
  await theirs.goto(linkIn(await mail.waitForLetter(awa, fr.letters.announced)));
  await expect(heading(theirs, fr.waiting)).toBeVisible();
  await button(theirs, fr.cancel).click();
  await expect(heading(theirs, fr.cancelled)).toBeVisible();

  await mail.waitForLetter(ousmane, fr.letters.cancelled);
  await mail.waitForLetter(awa, fr.letters.cancelled);
  await expect(heading(page, fr.cancelled), 'whoever asked for it sees it, too').toBeVisible();
  await signIn(page, fr, ousmane);
  await signIn(theirs, fr, awa);
  await expect(theirs.getByRole('main')).toContainText('Savane Tours');
});

test('a member is told, but holds no link that could cancel', async ({ page, deployment }) => {
  await deleteAccount(page, fr, ousmane, deployment.mail);

  const letter = await deployment.mail.waitForLetter(leo, fr.letters.announced);
  expect(linkIn(letter)).toBeUndefined();
});

test('whoever confirmed may think again, too', async ({ page, deployment }) => {
  await deleteAccount(page, fr, ousmane, deployment.mail);
  await button(page, fr.cancel).click();
  await expect(heading(page, fr.cancelled)).toBeVisible();

  await page.getByRole('link', { name: fr.signIn }).click();
  await fillSignIn(page, fr, ousmane);
  await expect(heading(page, fr.settings)).toBeVisible();
});

test('cancelling twice says what is true', async ({ page, deployment, stranger }) => {
  await deleteAccount(page, fr, ousmane, deployment.mail);
  const theirs = await stranger();
  await theirs.goto(linkIn(await deployment.mail.waitForLetter(awa, fr.letters.announced)));
  await expect(button(theirs, fr.cancel)).toBeVisible();
  const form = { lang: 'fr', capability: theirs.url().split('/').pop() };
  await button(page, fr.cancel).click();
  await expect(heading(page, fr.cancelled)).toBeVisible();

  // The form that was rendered a moment ago, sent as it still stands there.
  await theirs.request.post('/api/erasure/cancel', { form, headers: { origin: deployment.address }, maxRedirects: 0 });
  await theirs.reload();
  await expect(heading(theirs, fr.cancelled)).toBeVisible();
  await expect(theirs.getByRole('main')).not.toContainText('a déjà commencé');
});

test('an owner whose colleague was faster is not left with a form that works', async ({ page, deployment, stranger }) => {
  const { mail } = deployment;
  await walkToCode(page, fr, ousmane);
  const code = await mail.waitForCode(ousmane);
  await deleteAccount(await stranger(), fr, awa, mail);

  await confirm(page, fr, code);
  await expect(page).toHaveURL(/\/fr\/login/);
  expect(mail.to(ousmane).filter(({ subject }) => subject.match(fr.letters.started))).toEqual([]);
});

test('a member deletes only themselves', async ({ page, deployment, stranger }) => {
  await signIn(page, fr, leo);
  await page.goto(`/fr/${WIZARD}`);
  await expect(page.getByRole('main')).toContainText('Vous quitterez l’organisation « Savane Tours »');
  await expect(page.getByRole('main')).not.toContainText('sera supprimée');
  await button(page, fr.goOn).click();
  await confirm(page, fr, await deployment.mail.waitForCode(leo));
  await expectReceipt(page, fr);
  expect(await deployment.graph.unsubscribed()).toEqual([]);

  const theirs = await stranger();
  await signIn(theirs, fr, ousmane);
  await expect(theirs.getByRole('main')).toContainText('Savane Tours');
  await page.goto('/fr/login');
  await fillSignIn(page, fr, leo);
  await expect(problem(page)).toBeVisible();
});

test('somebody in several organizations reads each consequence before confirming, and no other happens', async ({ page, deployment, stranger }) => {
  await signIn(page, fr, ines);
  await page.goto(`/fr/${WIZARD}`);
  const consequences = page.locator('.consequence');
  await expect(consequences).toHaveCount(2);
  await expect(consequences.filter({ hasText: 'Studio Palmier' })).toContainText('sera supprimée');
  await expect(consequences.filter({ hasText: 'Savane Tours' })).toContainText('Vous quitterez');
  await button(page, fr.goOn).click();
  await expect(codeField(page, fr)).toBeVisible();
  await expect(consequences, 'once more beside the button that does it').toHaveCount(2);
  await confirm(page, fr, await deployment.mail.waitForCode(ines));
  await expectReceipt(page, fr);

  const theirs = await stranger();
  await signIn(theirs, fr, ousmane);
  await expect(theirs.getByRole('main')).toContainText('Savane Tours');
});
