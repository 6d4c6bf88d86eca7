// The whole journey with nothing but a keyboard, and the place of the focus always to be seen.
import { camille, PASSWORD } from '../support/people.mjs';
import { expectReceipt, heading } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const { fr } = WORDS;

/** Presses Tab until the focus is where it should be. */
async function tabTo(page, target) {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) return expectVisibleFocus(target);
  }
  throw new Error(`the keyboard does not reach ${target}`);
}

async function expectVisibleFocus(target) {
  const shown = await target.evaluate((element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none';
  });
  expect(shown, `the focus on ${target} cannot be seen`).toBe(true);
}

test('an owner deletes the account with the keyboard alone', async ({ page, deployment }) => {
  const { keyboard } = page;
  await page.goto('/fr/login');
  await tabTo(page, page.getByLabel(fr.email, { exact: true }));
  await keyboard.type(camille);
  await tabTo(page, page.getByLabel(fr.password, { exact: true }));
  await keyboard.type(PASSWORD);
  await keyboard.press('Enter');
  await expect(heading(page, fr.settings)).toBeVisible();
  await tabTo(page, page.getByRole('navigation').getByRole('link', { name: fr.dangerZone }));
  await keyboard.press('Enter');
  await tabTo(page, page.getByRole('main').getByRole('link', { name: fr.deleteAccount }));
  await keyboard.press('Enter');
  await expect(heading(page, fr.overview)).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: fr.goOn }));
  await keyboard.press('Enter');
  await tabTo(page, page.getByLabel(fr.code, { exact: true }));
  await keyboard.type(await deployment.mail.waitForCode(camille));
  await tabTo(page, page.getByRole('button', { name: fr.confirm }));
  await keyboard.press('Space');
  await expectReceipt(page, fr);
  await tabTo(page, page.getByRole('link', { name: fr.download }));
});

test('the first key leads past what stands on every page', async ({ page }) => {
  await page.goto('/fr/login');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Aller au contenu' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel(fr.email, { exact: true })).toBeFocused();
});
