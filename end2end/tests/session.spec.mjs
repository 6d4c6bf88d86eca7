// Signing in, signing out, and being signed out while something is under way.
import { camille, harriet, PASSWORD } from '../support/people.mjs';
import { askForCode, button, codeField, confirm, expectReceipt, fillSignIn, heading, openWizard, problem, signIn, walkToCode, WIZARD } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const { fr } = WORDS;

test.use({ refusals: [401, 422] });

test('an unknown address and a wrong password get the same page', async ({ page }) => {
  const pages = [];
  for (const email of ['nobody@nowhere.example', camille]) {
    await page.goto('/fr/login');
    await fillSignIn(page, fr, email, 'wrong');
    await expect(problem(page)).toBeVisible();
    await expect(page).toHaveTitle(/^Erreur/);
    await expect(page.getByLabel(fr.email, { exact: true })).toHaveValue(email);
    await expect(page.getByLabel(fr.password, { exact: true })).toHaveValue('');
    pages.push((await page.locator('body').innerHTML()).replaceAll(email, '…'));
  }
  expect(pages[0]).toBe(pages[1]);
});

test('what is missing is said, and what was typed stays', async ({ page }) => {
  await page.goto('/fr/login');
  await fillSignIn(page, fr, '', PASSWORD);
  await expect(problem(page)).toContainText('Saisissez votre adresse e-mail');
  await fillSignIn(page, fr, camille, '');
  await expect(problem(page)).toContainText('Saisissez votre mot de passe');
  await expect(page.getByLabel(fr.email, { exact: true })).toHaveValue(camille);
});

test('signing out ends the session, here and in every tab', async ({ page, context }) => {
  await signIn(page, fr, camille);
  const tab = await context.newPage();
  await tab.goto('/fr/settings');
  await button(page, fr.signOut).click();
  await expect(page.getByText('Vous êtes déconnecté.')).toBeVisible();

  await tab.goto(`/fr/${WIZARD}`);
  await expect(tab).toHaveURL(/\/fr\/login\?next=/);
});

test('somebody signed out midway signs in, is back in the wizard, and finishes', async ({ page, context, deployment }) => {
  await walkToCode(page, fr, camille);
  const old = await deployment.mail.waitForCode(camille);
  const tab = await context.newPage();
  await tab.goto('/fr/settings');
  await button(tab, fr.signOut).click();
  await expect(tab).toHaveURL(/\/fr\/login/);

  await confirm(page, fr, old);
  await expect(page).toHaveURL(/\/fr\/login\?next=/);
  await fillSignIn(page, fr, camille);
  await expect(page).toHaveURL(/delete-account\/code$/);
  await expect(codeField(page, fr), 'the code died with its session').toHaveCount(0);
  await button(page, fr.resend).click();
  await confirm(page, fr, await deployment.mail.waitForCode(camille, { after: 1 }));
  await expectReceipt(page, fr);
});

test('a page that needs a sign-in comes after it, in the language it was asked for', async ({ page }) => {
  const { en } = WORDS;
  await page.goto(`/en/${WIZARD}`);
  await expect(page).toHaveURL(/\/en\/login\?next=/);
  await fillSignIn(page, en, harriet);
  await expect(heading(page, en.overview)).toBeVisible();
});

test('leaving the wizard deletes nothing', async ({ page, deployment }) => {
  await signIn(page, fr, camille);
  await openWizard(page, fr);
  await askForCode(page, fr);
  await page.getByRole('banner').getByRole('link', { name: fr.leave }).click();
  await expect(heading(page, fr.dangerZone)).toBeVisible();

  await page.goto('/fr/settings');
  await expect(page.getByRole('main')).toContainText('Atelier Rivage');
  expect(await deployment.graph.unsubscribed()).toEqual([]);
});
