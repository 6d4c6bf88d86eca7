// What people do, in the words of the product. Each step ends when its outcome can be seen.
import { expect } from '@playwright/test';
import { PASSWORD } from './people.mjs';

export const WIZARD = 'settings/danger-zone/delete-account';

export const heading = (page, name) => page.getByRole('heading', { level: 1, name, exact: true });
export const codeField = (page, words) => page.getByLabel(words.code, { exact: true });
export const button = (page, name) => page.getByRole('button', { name });
export const problem = (page) => page.getByRole('alert');

export async function fillSignIn(page, words, email, password = PASSWORD) {
  await page.getByLabel(words.email, { exact: true }).fill(email);
  await page.getByLabel(words.password, { exact: true }).fill(password);
  await button(page, words.signIn).click();
}

export async function signIn(page, words, email) {
  await page.goto(`/${words.lang}/login`);
  await fillSignIn(page, words, email);
  await expect(heading(page, words.settings)).toBeVisible();
}

/** From the settings, by clicking, to what will be deleted. */
export async function openWizard(page, words) {
  await page.getByRole('navigation').getByRole('link', { name: words.dangerZone }).click();
  await expect(heading(page, words.dangerZone)).toBeVisible();
  await page.getByRole('link', { name: words.deleteAccount }).click();
  await expect(heading(page, words.overview)).toBeVisible();
}

/** From what will be deleted to the code. */
export async function askForCode(page, words) {
  await button(page, words.goOn).click();
  await expect(codeField(page, words)).toBeVisible();
}

/** From nothing to the page that asks for the code. */
export async function walkToCode(page, words, email) {
  await signIn(page, words, email);
  await page.goto(`/${words.lang}/${WIZARD}`);
  await askForCode(page, words);
}

export async function confirm(page, words, code) {
  await codeField(page, words).fill(code);
  await button(page, words.confirm).click();
}

/** From nothing to the page that shows the deletion. */
export async function deleteAccount(page, words, email, mail) {
  await walkToCode(page, words, email);
  await confirm(page, words, await mail.waitForCode(email));
  await expect(page).toHaveURL(new RegExp(`/${words.lang}/erasure/`));
}

export async function expectReceipt(page, words) {
  await expect(heading(page, words.completed)).toBeVisible({ timeout: 30_000 });
}

/** The numbers of a table, row by row: `{ 'Contacts': [12, 12], … }`. */
export async function numbers(page) {
  const rows = await page.getByRole('table').getByRole('row').all();
  const read = await Promise.all(rows.map(async (row) => {
    const name = (await row.getByRole('rowheader').allInnerTexts()).join().split('\n')[0].trim();
    const cells = await row.getByRole('cell').allInnerTexts();
    return [name, cells.map((text) => Number(text.replace(/\D/g, '')))];
  }));
  return Object.fromEntries(read.filter(([name]) => name));
}
