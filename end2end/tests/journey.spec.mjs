// The main job, as somebody lives it: from the front page to the receipt, in French and in English.
import { readFileSync } from 'node:fs';
import { linkIn } from '../support/mailbox.mjs';
import { PASSWORD } from '../support/people.mjs';
import { askForCode, confirm, expectReceipt, fillSignIn, heading, numbers, openWizard, problem } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

for (const words of Object.values(WORDS)) {
  test.describe(`in ${words.name}`, () => {
    test.use({ locale: words.locale, refusals: [401] });

    test(`an owner deletes the account in ${words.name} and holds a receipt`, async ({ page, deployment }) => {
      const { mail, graph } = deployment;
      const { owner, letters } = words;

      await page.goto('/');
      await expect(page).toHaveURL(`/${words.lang}/login`);
      await fillSignIn(page, words, owner);
      await expect(heading(page, words.settings)).toBeVisible();
      await openWizard(page, words);
      await expect(page.getByRole('main')).toContainText(words.organization);
      const announced = await numbers(page);
      expect(Object.keys(announced)).toEqual([...words.categories, words.sum]);
      for (const name of words.categories) expect(announced[name][0], name).toBeGreaterThan(0);
      const sum = words.categories.reduce((total, name) => total + announced[name][0], 0);
      expect(announced[words.sum]).toEqual([sum]);

      await askForCode(page, words);
      const code = await mail.waitForCode(owner);
      const letter = await mail.waitForLetter(owner, letters.code);
      expect(letter.text).toContain(words.organization);
      expect(letter.html).toContain(`${code.slice(0, 4)} ${code.slice(4)}`);
      const told = letter.text.match(/^- .+$/gm).map((line) => Number(line.replace(/\D/g, '')));
      expect(told, 'the letter says what the page says').toEqual(words.categories.map((name) => announced[name][0]));
      await confirm(page, words, code);
      await expect(page).toHaveURL(new RegExp(`/${words.lang}/erasure/[\\w-]+$`));
      const address = page.url();
      await expectReceipt(page, words);
      expect(page.url()).toBe(address);

      const shown = await numbers(page);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: words.download }).click(),
      ]);
      const text = readFileSync(await download.path(), 'utf8');
      const receipt = JSON.parse(text);
      expect(download.suggestedFilename()).toBe(`qliento-receipt-${receipt.reference}.json`);
      expect(receipt.categories.map(({ found, erased }) => [found, erased])).toEqual(Object.values(shown));
      expect(Object.keys(shown)).toEqual(words.categories);
      for (const name of words.categories) expect(shown[name], name).toEqual([announced[name][0], announced[name][0]]);
      await expect(page.getByRole('main')).toContainText(receipt.reference);
      await expect(page.getByRole('main')).toContainText(receipt.controller);
      expect(receipt.verification.found).toBe(0);
      expect(receipt.verification.tables).toBeGreaterThan(0);
      expect(receipt.kept.map(({ what }) => what)).toEqual(['billing', 'backups']); // of so few people no log can be kept
      await expect(page.locator('.kept-list > li')).toHaveCount(receipt.kept.length);
      expect(text, 'the receipt names nobody').not.toMatch(new RegExp(`@|${words.organization}`));
      const unsubscribed = await graph.unsubscribed();
      const results = (act) => receipt.meta.filter((row) => row.act === act).map(({ result }) => result);
      expect(results('subscription')).toEqual(unsubscribed.map(() => 'unsubscribed'));
      expect(new Set(results('override'))).toEqual(new Set(['cleared']));
      expect(new Set(results('token'))).toEqual(new Set(['revoked']));
      expect(unsubscribed.length).toBeGreaterThan(0);

      expect(linkIn(await mail.waitForLetter(owner, letters.started))).toBe(address);
      const last = await mail.waitForLetter(owner, letters.completed);
      expect(linkIn(last)).toBe(address);
      expect(last.html).toContain(receipt.reference);

      await page.goto(`/${words.lang}/login`);
      await fillSignIn(page, words, owner, PASSWORD);
      await expect(problem(page)).toBeVisible();
    });
  });
}
