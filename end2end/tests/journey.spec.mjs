// The main job: from sign-in to the receipt, in French and in English.
import { code, confirmButton, expect, expectReceipt, test, walkToCode, WORDS } from '../support/test.mjs';

for (const lang of ['fr', 'en']) {
  const { owner } = WORDS[lang];

  test(`an owner deletes the account and holds a receipt (${lang})`, async ({ page, signIn, deployment, request }) => {
    await signIn(owner, lang);
    await walkToCode(page, lang);
    await code(page).fill(` ${await deployment.mail.code(owner)} `);
    await confirmButton(page).click();
    await expect(page).toHaveURL(new RegExp(`/${lang}/erasure/`));
    await expectReceipt(page);

    const receipt = await (await request.get(await page.locator('a[href$="/receipt"]').getAttribute('href'))).json();
    expect(receipt.categories).toHaveLength(7);
    for (const row of receipt.categories) {
      expect(row.erased).toBe(row.found);
      expect(row.erased).toBeGreaterThan(0);
    }
    await expect(page.locator('body')).toContainText(receipt.reference);
    expect(receipt.verification.found).toBe(0);
    const last = await deployment.mail.wait(owner, (letter) => letter.subject.includes(receipt.reference) && letter.text.includes('/erasure/') && /fait|Done/.test(letter.subject));
    expect(last.html).toContain(receipt.reference);
  });
}

test('the link works without a session, and in a browser that never saw the site', async ({ page, signIn, deployment, browser }) => {
  await signIn(WORDS.fr.owner);
  await walkToCode(page, 'fr');
  await code(page).fill(await deployment.mail.code(WORDS.fr.owner));
  await confirmButton(page).click();
  await expectReceipt(page);
  const address = page.url();

  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(address);
  await expectReceipt(stranger);
  await page.reload();
  await expectReceipt(page);
  await page.goto('/fr/settings');
  await expect(page).not.toHaveURL(/settings$/);
});

test('a member deletes only themselves', async ({ page, signIn, deployment }) => {
  const member = 'leo@savane-tours.example';
  await signIn(member);
  await walkToCode(page, 'fr');
  await code(page).fill(await deployment.mail.code(member));
  await confirmButton(page).click();
  await expectReceipt(page);

  await signIn('ousmane@savane-tours.example');
  await expect(page.locator('main')).toContainText('Savane Tours');
});

test('somebody in two organizations reads each consequence', async ({ page, signIn }) => {
  await signIn('ines@studio-palmier.example');
  await page.goto('/fr/settings/danger-zone/delete-account');

  await expect(page.locator('main')).toContainText('Studio Palmier');
  await expect(page.locator('main')).toContainText('Savane Tours');
});

test('another owner is told by mail and cancels, and both can sign in again', async ({ page, signIn, deployment, browser, context }) => {
  const [owner, other] = ['ousmane@savane-tours.example', 'awa@savane-tours.example'];
  await signIn(owner);
  await walkToCode(page, 'fr');
  await code(page).fill(await deployment.mail.code(owner));
  await confirmButton(page).click();
  await expect(page).toHaveURL(/\/fr\/erasure\//);

  const link = await deployment.mail.link(other, (letter) => letter.subject.includes('Savane Tours'));
  const theirs = await (await browser.newContext()).newPage();
  await theirs.goto(link);
  await theirs.locator('form[action="/api/erasure/cancel"] button').click();
  await expect(theirs.locator('form[action="/api/erasure/cancel"]')).toHaveCount(0);

  await deployment.mail.wait(owner, (letter) => /annul/i.test(letter.subject));
  await signIn(owner);
  await context.clearCookies();
  await signIn(other);
});
