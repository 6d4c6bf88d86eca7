// Walks over all pages, with a look at each.
import { expect } from '@playwright/test';
import { linkIn } from './mailbox.mjs';
import { awa, ousmane } from './people.mjs';
import { askForCode, button, confirm, deleteAccount, expectReceipt, heading, problem, signIn, WIZARD } from './steps.mjs';
import { WORDS } from './words.mjs';

/** Statuses that these walks provoke. */
export const PROVOKED = [401, 404, 422];

/** Every page that somebody sees who deletes their account. */
export async function visitEveryPage({ page, deployment, words, look }) {
  const { mail, graph } = deployment;
  const { lang, owner } = words;
  await page.goto(`/${lang}/login`);
  await look(page, 'sign-in');
  await button(page, words.signIn).click();
  await expect(problem(page)).toBeVisible();
  await look(page, 'sign-in-refused');
  await page.goto(`/${lang}/nowhere`);
  await expect(heading(page, words.notFound)).toBeVisible();
  await look(page, 'not-found');
  await signIn(page, words, owner);
  await look(page, 'settings');
  await page.goto(`/${lang}/settings/export`);
  await look(page, 'export');
  await page.goto(`/${lang}/settings/danger-zone`);
  await look(page, 'danger-zone');
  await page.goto(`/${lang}/${WIZARD}`);
  await look(page, 'overview');
  await askForCode(page, words);
  await look(page, 'code');
  await confirm(page, words, '1');
  await expect(problem(page)).toBeVisible();
  await look(page, 'code-refused');
  await graph.outage('down');
  await confirm(page, words, await mail.waitForCode(owner));
  await expect(heading(page, words.erasing)).toBeVisible();
  await look(page, 'erasing');
  await graph.outage('none');
  await expectReceipt(page, words);
  await look(page, 'receipt');
}

/** The pages of a deletion that other owners may still cancel. */
export async function visitCancellation({ page, deployment, stranger, words, look }) {
  await deleteAccount(await stranger(), words, ousmane, deployment.mail);
  const [, capability] = linkIn(await deployment.mail.waitForLetter(awa, WORDS.fr.letters.announced)).split('/erasure/');
  await page.goto(`/${words.lang}/erasure/${capability}`);
  await expect(heading(page, words.waiting)).toBeVisible();
  await look(page, 'waiting');
  await button(page, words.cancel).click();
  await expect(heading(page, words.cancelled)).toBeVisible();
  await look(page, 'cancelled');
}
