// Bad input and bad days: a clear sentence, and nothing half done.
import { code, confirmButton, expect, expectReceipt, PASSWORD, problem, test, walkToCode, WORDS } from '../support/test.mjs';

const { owner } = WORDS.fr;

test('a wrong code and one that is none are told apart, and what was typed stays', async ({ page, signIn, deployment }) => {
  await signIn(owner);
  await walkToCode(page, 'fr');
  const right = await deployment.mail.code(owner);
  const wrong = right.replace(/\d/g, (digit) => (Number(digit) + 1) % 10);

  await code(page).fill(wrong);
  await confirmButton(page).click();
  await expect(problem(page)).toContainText('4');
  await expect(code(page)).toHaveValue(wrong);
  await code(page).fill('12');
  await confirmButton(page).click();
  await expect(code(page)).toHaveValue('12');

  await code(page).fill(right);
  await confirmButton(page).click();
  await expectReceipt(page);
});

test('the same sentence meets an unknown address and a wrong password', async ({ page }) => {
  const sentences = [];
  for (const email of ['nobody@nowhere.example', owner]) {
    await page.goto('/fr/login');
    await page.locator('#email').fill(email);
    await page.locator('#password').fill('wrong');
    await page.locator('form[action="/api/session/sign-in"] button').click();
    await expect(problem(page)).toBeVisible();
    await expect(page.locator('#email')).toHaveValue(email);
    await expect(page).toHaveTitle(/^Erreur/);
    sentences.push(await problem(page).textContent());
  }
  expect(sentences[0]).toBe(sentences[1]);
});

test('the back button after confirming leads forward again', async ({ page, signIn, deployment }) => {
  await signIn(owner);
  await walkToCode(page, 'fr');
  await code(page).fill(await deployment.mail.code(owner));
  await confirmButton(page).click();
  await expectReceipt(page);

  await page.goBack();
  await expect(page).not.toHaveURL(/delete-account/);
});

test('somebody signed out midway signs in and is back in the wizard', async ({ page, signIn, context }) => {
  await signIn(owner);
  await walkToCode(page, 'fr');
  await context.clearCookies();
  await code(page).fill('12345678');
  await confirmButton(page).click();
  await expect(page).toHaveURL(/\/fr\/login/);

  await page.locator('#email').fill(owner);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('form[action="/api/session/sign-in"] button').click();
  await expect(page).toHaveURL(/delete-account/);
});

test('a mail server that is down is said, and the code comes when it is back', async ({ page, signIn, deployment }) => {
  const port = deployment.mail.port;
  await signIn(owner);
  await deployment.mail.stop();
  await walkToCode(page, 'fr');
  await expect(page.locator('main')).toContainText(/messagerie|e-mail/);

  await deployment.mail.start(port);
  await code(page).fill(await deployment.mail.code(owner));
  await confirmButton(page).click();
  await expectReceipt(page);
});

test('an outage at Meta is waited out', async ({ page, signIn, deployment, request }) => {
  await request.post(`${deployment.graph}/control/outage`, { data: 'down', headers: { 'content-type': 'text/plain' } });
  await signIn(owner);
  await walkToCode(page, 'fr');
  await code(page).fill(await deployment.mail.code(owner));
  await confirmButton(page).click();
  await expect(page).toHaveURL(/\/fr\/erasure\//);

  await request.post(`${deployment.graph}/control/outage`, { data: 'none', headers: { 'content-type': 'text/plain' } });
  await expectReceipt(page);
});
