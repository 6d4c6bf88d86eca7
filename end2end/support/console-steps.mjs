// What the console's people do: setting up, signing in, proving. Each step ends when its outcome can be seen.
import { createHmac } from 'node:crypto';
import { expect } from '@playwright/test';
import { button, heading } from './steps.mjs';
import { world } from './world.mjs';

export const officer = 'odile@qliento.example';
export const secondOfficer = 'oscar@qliento.example';
export const agent = 'agathe@qliento.example';
export const auditor = 'aude@qliento.example';
export const administrator = 'adam@qliento.example';
export const CONSOLE_PASSWORD = 'le chat dort sur le toit';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator app shows that was given this key: RFC 6238. */
export function totp(letters, now = Date.now()) {
  const bits = [...letters.replace(/\s/g, '')].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = digest.at(-1) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Somebody of the console, with what they wrote down. */
export class Colleague {
  constructor(email) {
    this.email = email;
  }

  /** A recovery code that was not used yet: an app's code would have to be waited for. */
  spare() {
    return this.codes.pop();
  }
}

/** Opens the page behind a set-up link and does what it says. */
export async function setUp(page, words, email, capability = world().staff[email]) {
  const colleague = new Colleague(email);
  await page.goto(`/${words.lang}/console/set-up/${capability}`);
  await expect(heading(page, words.setUp)).toBeVisible();
  colleague.codes = await page.locator('.recovery-codes li').allInnerTexts();
  const letters = await page.locator('.app-letters').innerText();
  await page.getByLabel(words.newPassword, { exact: true }).fill(CONSOLE_PASSWORD);
  await page.getByLabel(words.appCode, { exact: true }).fill(totp(letters));
  await page.getByText(words.kept, { exact: true }).click(); // the whole box is its label
  await button(page, words.open).click();
  await expect(heading(page, words.account)).toBeVisible();
  await expect(page.getByRole('status')).toContainText(words.welcome);
  return colleague;
}

export async function fillConsoleSignIn(page, words, email, code, password = CONSOLE_PASSWORD) {
  await page.getByLabel(words.email, { exact: true }).fill(email);
  await page.getByLabel(words.password, { exact: true }).fill(password);
  await page.getByLabel(words.code, { exact: true }).fill(code);
  await button(page, words.signIn).click();
}

export async function signInToConsole(page, words, colleague) {
  await page.goto(`/${words.lang}/console/sign-in`);
  await fillConsoleSignIn(page, words, colleague.email, colleague.spare());
}

export async function signOutOfConsole(page, words) {
  await button(page, words.signOut).click();
  await expect(heading(page, words.console)).toBeVisible();
}

export const visit = (page, name) => page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
