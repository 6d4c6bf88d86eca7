// Passkeys, with an authenticator that Chromium plays: made, used, and refused when they are gone.
import { agent, setUp, signOutOfConsole } from '../support/console-steps.mjs';
import { CONSOLE } from '../support/console-words.mjs';
import { deploy } from '../support/deployment.mjs';
import { checkLog } from '../support/guard.mjs';
import { button, heading, problem } from '../support/steps.mjs';
import { expect, test as base } from '../support/test.mjs';

// Browsers have passkeys for names only, not for addresses of machines.
const test = base.extend({
  deployment: async ({}, use) => {
    const deployment = await deploy('localhost');
    await use(deployment);
    await deployment.stop();
    checkLog(deployment.log());
  },
});

for (const words of Object.values(CONSOLE)) {
  test.describe(`in ${words.name}`, () => {
    test.use({ locale: words.locale, refusals: [401] });

    test(`a passkey is made, signs in, and is refused once it is removed, in ${words.name}`, async ({ page, context }) => {
      const client = await context.newCDPSession(page);
      await client.send('WebAuthn.enable');
      await client.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      });
      await setUp(page, words, agent);
      await page.getByRole('link', { name: words.addPasskey }).click();
      await page.getByLabel(words.passkeyName).fill('Téléphone');
      await button(page, words.makePasskey).click();
      await expect(page.getByRole('status')).toContainText(words.passkeyAdded);
      await expect(page.getByRole('main')).toContainText('Téléphone');

      await signOutOfConsole(page, words);
      await page.getByRole('link', { name: words.usePasskeyLink }).click();
      await expect(heading(page, words.passkeyTitle)).toBeVisible();
      await button(page, words.usePasskey).click();
      await expect(page.getByRole('banner')).toContainText(words.account);

      await page.goto(`/${words.lang}/console/account`);
      await button(page, words.removePasskey).click();
      await expect(page.getByRole('main')).not.toContainText('Téléphone');
      await signOutOfConsole(page, words);
      await page.getByRole('link', { name: words.usePasskeyLink }).click();
      await button(page, words.usePasskey).click();
      await expect(problem(page)).toBeVisible();
    });
  });
}
