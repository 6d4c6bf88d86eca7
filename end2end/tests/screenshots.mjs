// Every page in French, into `screenshots/`, and the picture that the README shows.
import { fileURLToPath } from 'node:url';
import { visitEveryConsolePage } from '../support/console-visits.mjs';
import { CONSOLE } from '../support/console-words.mjs';
import { resumeOldSession } from '../support/old-session.mjs';
import { camille } from '../support/people.mjs';
import { answerAsEndUser, send } from '../support/request-steps.mjs';
import { REQUEST } from '../support/request-words.mjs';
import { button, codeField, deleteAccount, heading, problem, signIn, WIZARD } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { PROVOKED, visitCancellation, visitEveryPage } from '../support/visits.mjs';
import { WORDS } from '../support/words.mjs';

const { fr } = WORDS;
const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

test.use({ refusals: PROVOKED });

const lookAs = (testInfo) => async (page, name) => {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)));
  await page.screenshot({ path: here(`screenshots/${name}-${testInfo.project.name}.png`), fullPage: true });
};

test('every page of somebody who deletes their account', async ({ page, deployment }, testInfo) => {
  await visitEveryPage({ page, deployment, words: fr, look: lookAs(testInfo) });
});

test('the pages of a deletion that waits', async ({ page, deployment, stranger }, testInfo) => {
  await visitCancellation({ page, deployment, stranger, words: fr, look: lookAs(testInfo) });
});

test('a deletion that a legal hold keeps waiting', async ({ page, deployment }, testInfo) => {
  const day = (count) => new Date(Date.now() + count * 86_400_000).toISOString().slice(0, 10);
  const days = ['--review', day(30), '--expires', day(90)];
  deployment.run('holds', 'add', 'organization', 'atelier-rivage', '--basis', 'legal_claim', '--as', 'ada@example.org', ...days);
  await deleteAccount(page, fr, camille, deployment.mail);
  await expect(heading(page, fr.held)).toBeVisible();
  await lookAs(testInfo)(page, 'held');
});

test('every page of the console', async ({ page, deployment }, testInfo) => {
  await visitEveryConsolePage({ page, deployment, words: CONSOLE.fr, look: lookAs(testInfo) });
});

test('the picture for the README', async ({ page }) => {
  await signIn(page, fr, camille);
  await page.goto(`/fr/${WIZARD}`);
  await page.screenshot({ path: here('../docs/wizard.png') });
});

test('the password, five minutes after signing in', async ({ page, context, deployment }, testInfo) => {
  const look = lookAs(testInfo);
  await resumeOldSession(context, deployment, camille);
  await page.goto(`/fr/${WIZARD}/identity`);
  await expect(heading(page, fr.identity)).toBeVisible();
  await look(page, 'identity');
  await button(page, fr.goOn).click();
  await expect(problem(page)).toBeVisible();
  await look(page, 'identity-refused');
});

test('the proof of a number', async ({ page }, testInfo) => {
  const look = lookAs(testInfo);
  await answerAsEndUser(page, fr, REQUEST.fr, { number: '+33 6 12 34 56 78' });
  await send(page, REQUEST.fr, REQUEST.fr.proofByNumber);
  await look(page, 'number');
  await button(page, REQUEST.fr.showCode).click();
  await expect(page.getByRole('link', { name: REQUEST.fr.openWhatsapp })).toBeVisible();
  await button(page, REQUEST.fr.sendCode).click();
  await expect(codeField(page, fr)).toBeVisible();
  await look(page, 'number-code');
});
