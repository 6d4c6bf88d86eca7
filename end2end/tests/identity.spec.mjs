// Five minutes after signing in the password is asked for again: by a real clock, with sessions that the set-up opened.
import { resumeOldSession } from '../support/old-session.mjs';
import { camille, PASSWORD } from '../support/people.mjs';
import { expectAccessible, expectNoSidewaysScroll } from '../support/looks.mjs';
import { button, codeField, confirm, expectReceipt, heading, problem, WIZARD } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const { fr } = WORDS;

test.use({ refusals: [401, 422] });

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    for (const words of Object.values(WORDS)) {
      test(`the password is asked for again after five minutes, in ${words.name}`, async ({ page, context, deployment }) => {
        await resumeOldSession(context, deployment, words.owner);
        await page.goto(`/${words.lang}/${WIZARD}`);
        await button(page, words.goOn).click();
        await expect(heading(page, words.identity)).toBeVisible();
        expect(deployment.mail.letters, 'no code before the proof').toEqual([]);

        await page.getByLabel(words.password, { exact: true }).fill('wrong');
        await button(page, words.goOn).click();
        await expect(problem(page)).toBeVisible();
        await expect(page).toHaveURL(/\/identity$/);
        await page.getByLabel(words.password, { exact: true }).fill(PASSWORD);
        await button(page, words.goOn).click();
        await expect(codeField(page, words)).toBeVisible();
        await confirm(page, words, await deployment.mail.waitForCode(words.owner));
        await expectReceipt(page, words);
      });
    }
  });
}

for (const words of Object.values(WORDS)) {
  test(`axe finds nothing where the password is asked for, in ${words.name}, and it fits a telephone`, async ({ page, context, deployment }) => {
    await resumeOldSession(context, deployment, words.owner);
    await page.goto(`/${words.lang}/${WIZARD}/identity`);
    await expect(heading(page, words.identity)).toBeVisible();
    await expectAccessible(page);
    await button(page, words.goOn).click();
    await expect(problem(page)).toBeVisible();
    await expectAccessible(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await expectNoSidewaysScroll(page);
  });
}

test('a code cannot be asked for around the password', async ({ page, context, deployment }) => {
  await resumeOldSession(context, deployment, camille);
  await page.goto(`/fr/${WIZARD}/code`);
  await expect(heading(page, fr.identity)).toBeVisible();
  await page.request.post('/api/account/send-code', { form: { lang: 'fr' }, headers: { origin: deployment.address } });
  expect(deployment.mail.letters).toEqual([]);
});
