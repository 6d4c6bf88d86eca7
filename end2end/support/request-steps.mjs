// What people do who ask without an account. Each step ends when its outcome can be seen.
import { expect } from '@playwright/test';
import { button, codeField, heading } from './steps.mjs';

/** Goes on to the next question. */
export async function goOn(page, words, next) {
  await button(page, words.goOn).click();
  await expect(heading(page, next)).toBeVisible();
}

export async function begin(page, words, asking, who) {
  await page.goto(`/${words.lang}/request`);
  await expect(heading(page, asking.who)).toBeVisible();
  await page.getByRole('radio', { name: who }).check();
}

/** From nothing to the answers of somebody to whom a business wrote. */
export async function answerAsEndUser(page, words, asking, { number, business = '', contact = '' }) {
  await begin(page, words, asking, asking.endUser);
  await goOn(page, words, asking.number);
  await page.getByLabel(asking.numberField, { exact: true }).fill(number);
  await goOn(page, words, asking.business);
  await page.getByLabel(asking.businessField).fill(business);
  await goOn(page, words, asking.contact);
  await page.getByLabel(asking.contactField).fill(contact);
  await goOn(page, words, asking.statement);
  await page.getByRole('checkbox').check();
  await goOn(page, words, asking.check);
}

/** From nothing to the answers of somebody who lost an account. */
export async function answerAsAccountHolder(page, words, asking, address) {
  await begin(page, words, asking, asking.accountHolder);
  await goOnAsAccountHolder(page, words, asking, address);
}

/** The same from the second question on. */
export async function goOnAsAccountHolder(page, words, asking, address) {
  await goOn(page, words, asking.account);
  await page.getByLabel(asking.accountField, { exact: true }).fill(address);
  await goOn(page, words, asking.statement);
  await page.getByRole('checkbox').check();
  await goOn(page, words, asking.check);
}

/** Sends what is shown. */
export async function send(page, asking, next) {
  await button(page, asking.send).click();
  await expect(heading(page, next)).toBeVisible();
}

/** From nothing to a request that is proven by mail. */
export async function askByMail(page, words, asking, address, mail) {
  await answerAsAccountHolder(page, words, asking, address);
  await send(page, asking, asking.proofByMail);
  await codeField(page, words).fill(await verificationCode(mail, address, asking));
  await button(page, asking.confirm).click();
  await expect(heading(page, asking.confirmed)).toBeVisible();
}

/** The newest code that shows that a mailbox is somebody's own. */
export async function verificationCode(mail, address, asking) {
  const letter = await mail.waitForLetter(address, asking.letterCode);
  return letter.text.match(/^(\d{4} \d{4})$/m)[1];
}

/** The private link of a request in a letter. */
export const statusLinkIn = (letter) => letter.text.match(/^http:\/\/\S+\/status\/\S+$/m)?.[0];
