// The console's door and what is behind it for everybody: set-up, sign-in, the own account, the team, the record.
import { readFileSync } from 'node:fs';
import {
  administrator, agent, auditor, CONSOLE_PASSWORD, fillConsoleSignIn, officer, setUp, signInToConsole, signOutOfConsole, visit,
} from '../support/console-steps.mjs';
import { CONSOLE } from '../support/console-words.mjs';
import { countScript } from '../support/script.mjs';
import { button, heading, problem } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { world } from '../support/world.mjs';

for (const words of Object.values(CONSOLE)) {
  test.describe(`in ${words.name}`, () => {
    test.use({ locale: words.locale, refusals: [401, 403, 404, 422] });

    test(`an officer sets up the access, leaves and comes back, in ${words.name}`, async ({ page }) => {
      const bytes = countScript(page);
      const odile = await setUp(page, words, officer);
      await page.goto(`/${words.lang}/console/set-up/${world().staff[officer]}`);
      await expect(heading(page, words.gone)).toBeVisible();
      await page.goto(`/${words.lang}/console/account`);
      await signOutOfConsole(page, words);

      await fillConsoleSignIn(page, words, officer, '000000');
      await expect(problem(page)).toContainText(words.refused);
      await expect(page.getByLabel(words.email, { exact: true })).toHaveValue(officer);
      const code = odile.spare();
      await fillConsoleSignIn(page, words, officer, code);
      await expect(page.getByRole('banner')).toContainText(words.account);
      await signOutOfConsole(page, words);
      await fillConsoleSignIn(page, words, officer, code);
      await expect(problem(page)).toContainText(words.refused);
      expect(await bytes(), 'no page of the console has a script').toBe(0);
    });

    test(`somebody changes the password, in ${words.name}`, async ({ page, stranger, deployment }) => {
      const agathe = await setUp(page, words, agent);
      const elsewhere = await stranger();
      await signInToConsole(elsewhere, words, agathe);

      await page.goto(`/${words.lang}/console/account`);
      await page.getByRole('link', { name: words.changePassword }).click();
      const change = async (present, next) => {
        await page.getByLabel(words.present, { exact: true }).fill(present);
        await page.getByLabel(words.new, { exact: true }).fill(next);
        await button(page, words.save).click();
      };
      await change(CONSOLE_PASSWORD, 'motdepasse2026');
      await expect(problem(page)).toContainText(words.common);
      await change(CONSOLE_PASSWORD, 'un autre mot bien long');
      await expect(page.getByRole('status')).toContainText(words.passwordChanged);

      await elsewhere.goto(`/${words.lang}/console/account`);
      await expect(heading(elsewhere, words.console)).toBeVisible();
      await fillConsoleSignIn(elsewhere, words, agent, agathe.spare(), 'un autre mot bien long');
      await expect(elsewhere.getByRole('banner')).toContainText(words.account);
      await deployment.mail.waitForLetter(agent, /./);
    });

    test(`an administrator invites an auditor, who reads the record, in ${words.name}`, async ({ page, stranger, deployment }) => {
      await setUp(page, words, administrator);
      await visit(page, words.team);
      await expect(heading(page, words.team)).toBeVisible();
      await expect(page.getByRole('row', { name: auditor })).toBeVisible();
      await page.getByLabel(words.email, { exact: true }).fill('nora@qliento.example');
      await page.locator('#role').selectOption('auditor');
      await page.locator('#language').selectOption(words.lang);
      await button(page, words.invite).click();
      await expect(page.getByRole('status')).toContainText(words.invited);

      const letter = await deployment.mail.waitForLetter('nora@qliento.example', words.invitation);
      const capability = letter.text.match(/\/console\/set-up\/(\S+)/)[1];
      const other = await stranger();
      await setUp(other, words, 'nora@qliento.example', capability);
      await visit(other, words.record);
      await other.getByLabel(words.act, { exact: true }).selectOption('set_up');
      await button(other, words.show).click();
      await expect(other.getByRole('row')).toHaveCount(3);
      const [download] = await Promise.all([other.waitForEvent('download'), button(other, words.csv).click()]);
      const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n');
      expect(lines).toHaveLength(3);
      expect(lines[2]).toContain('"nora@qliento.example","auditor","set_up","done"');
    });

    test(`an agent is told what is not for agents, in ${words.name}`, async ({ page }) => {
      await setUp(page, words, agent);

      for (const path of ['staff', 'audit']) {
        await page.goto(`/${words.lang}/console/${path}`);
        await expect(heading(page, words.denied)).toBeVisible();
      }
      await expect(page.getByRole('navigation').getByRole('link')).toHaveCount(4);
    });
  });
}
