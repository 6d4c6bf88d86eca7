// Every page: accessible, light, dark, narrow.
import { beginButton, code, confirmButton, expect, expectAccessible, expectNoSidewaysScroll, expectReceipt, test, WIZARD, WORDS } from '../support/test.mjs';

for (const lang of ['fr', 'en']) {
  test(`axe finds nothing on any page, light and dark (${lang})`, async ({ page, signIn, deployment, javaScriptEnabled }) => {
    test.skip(javaScriptEnabled === false, 'axe is a script');
    const { owner } = WORDS[lang];
    const look = async () => {
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        // Colours that are still on their way have no contrast to speak of.
        await page.evaluate(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)));
        await page.waitForTimeout(300);
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
      }
    };
    await page.goto(`/${lang}/login`);
    await look();
    await page.goto(`/${lang}/nowhere`);
    await look();
    await signIn(owner, lang);
    for (const path of ['settings', 'settings/danger-zone', WIZARD]) {
      await page.goto(`/${lang}/${path}`);
      await look();
    }
    await beginButton(page).click();
    await expect(code(page)).toBeVisible();
    await look();
    await code(page).fill('1');
    await confirmButton(page).click();
    await expect(page.locator('[role=alert]').first()).toBeVisible();
    await look();
    await code(page).fill(await deployment.mail.code(owner));
    await confirmButton(page).click();
    await expectReceipt(page);
    await look();
  });
}

test('pages without an island load no script at all', async ({ page, signIn }) => {
  const scripts = [];
  page.on('request', (request) => { if (/\.(js|wasm)/.test(request.url())) scripts.push(request.url()); });
  await page.goto('/fr/login');
  await signIn(WORDS.fr.owner);
  for (const path of ['/fr/settings', '/fr/settings/danger-zone', '/fr/nowhere']) await page.goto(path);
  expect(scripts).toEqual([]);
});

test('changing the language keeps the page', async ({ page, signIn }) => {
  await signIn(WORDS.fr.owner);
  await page.goto(`/fr/${WIZARD}`);
  await page.locator('a[hreflang=en]').click();
  await expect(page).toHaveURL(new RegExp(`/en/${WIZARD}$`));
});
