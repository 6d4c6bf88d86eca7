// A walk over all pages of the console, with a look at each.
import { expect } from '@playwright/test';
import { administrator, fillConsoleSignIn, officer, secondOfficer, setUp, signOutOfConsole } from './console-steps.mjs';
import { askedForAnother, proposeDeletion } from './desk-steps.mjs';
import { button, heading, problem } from './steps.mjs';
import { world } from './world.mjs';

/** Statuses that the walk provokes. */
export const CONSOLE_PROVOKED = [401, 404, 422];

export async function visitEveryConsolePage({ page, deployment, words, look }) {
  const go = (path) => page.goto(`/${words.lang}/console/${path}`);
  await go('sign-in');
  await look(page, 'console-sign-in');
  await fillConsoleSignIn(page, words, 'nobody@qliento.example', '000000');
  await expect(problem(page)).toBeVisible();
  await look(page, 'console-sign-in-refused');
  await go('passkey');
  await look(page, 'console-passkey');
  await go(`set-up/${world().staff[administrator]}`);
  await look(page, 'console-set-up');
  await button(page, words.open).click();
  await expect(problem(page)).toBeVisible();
  await look(page, 'console-set-up-refused');
  await go('set-up/nothing');
  await look(page, 'console-set-up-gone');
  await setUp(page, words, administrator);
  await look(page, 'console-account');
  for (const path of ['account/password', 'account/authenticator', 'account/recovery-codes', 'passkey?add=yes', 'prove', 'staff', 'audit']) {
    await go(path);
    await look(page, `console-${path.replace(/\W/g, '-')}`);
  }
  await go('staff');
  await page.locator('summary').first().click();
  await look(page, 'console-staff-open');
  await go('account');
  await signOutOfConsole(page, words);
  await expect(heading(page, words.console)).toBeVisible();
  await visitDesk({ page, deployment, words, look, go });
}

/** A request that waits for staff, and a hold that is past its review. */
async function visitDesk({ page, deployment, words, look, go }) {
  const day = (count) => new Date(Date.now() + count * 86_400_000).toISOString().slice(0, 10);
  const days = ['--review', day(1), '--expires', day(90)];
  deployment.run('holds', 'add', 'organization', 'atelier-rivage', '--basis', 'legal_claim', '--as', 'ada@example.org', ...days);
  const reference = await askedForAnother(page, deployment, words.lang, 'somebody@example.fr');
  await setUp(page, words, officer);
  await go('requests');
  await look(page, 'console-requests');
  await page.getByRole('link', { name: reference }).click();
  await look(page, 'console-request');
  await page.getByText(words.refuse, { exact: true }).click();
  await page.getByLabel(words.ground).selectOption('authority_not_shown');
  await page.getByRole('textbox', { name: words.explanation }).fill('Non.');
  await button(page, words.propose).click();
  await expect(problem(page)).toBeVisible();
  await look(page, 'console-request-refused');
  await page.getByRole('textbox', { name: words.explanation }).fill(words.why);
  await button(page, words.propose).click();
  await expect(page.getByRole('status')).toBeVisible();
  await look(page, 'console-request-proposed');
  await go('holds');
  await page.locator('summary').first().click();
  await look(page, 'console-holds');
  await visitDeletions({ page, words, look, go });
  for (const path of ['figures', 'retention']) {
    await go(path);
    await look(page, `console-${path}`);
  }
}

/** One deletion that waits for the other officer, one that was not taken, and one that a hold keeps waiting. */
async function visitDeletions({ page, words, look, go }) {
  await proposeDeletion(page, words, 'atelier-rivage');
  await look(page, 'console-deletions');
  await page.getByText(words.proposeDeletion, { exact: true }).click();
  await page.getByLabel(words.shortName, { exact: true }).fill('nobody');
  await page.getByLabel(words.legalGround, { exact: true }).selectOption('unlawful');
  await page.getByLabel(words.reasonWithFile, { exact: true }).fill(words.contractOver);
  await button(page, words.proposeIt).click();
  await expect(problem(page)).toBeVisible();
  await look(page, 'console-deletions-refused');
  await go('account');
  await signOutOfConsole(page, words);
  await setUp(page, words, secondOfficer);
  await go('deletions');
  await look(page, 'console-deletions-to-confirm');
  await page.getByLabel(words.nameAgain).fill('atelier-rivage');
  await button(page, words.deleteForGood).click();
  await expect(page.getByRole('status')).toBeVisible();
  await look(page, 'console-deletions-confirmed');
}
