// What JavaScript adds: one page without reloads, a countdown, numbers that move, and rest while nobody looks.
import { camille } from '../support/people.mjs';
import { askForCode, button, codeField, confirm, deleteAccount, expectReceipt, heading, problem, signIn, walkToCode, WIZARD } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const { fr } = WORDS;

test.use({ refusals: [422, 'net::ERR_INTERNET_DISCONNECTED'] });

/** Waits until the island listens: it takes over a form that would be sent in vain. */
async function awake(page) {
  await expect.poll(() => page.evaluate(() => {
    const form = document.createElement('form');
    form.innerHTML = '<button aria-disabled="true">';
    document.querySelector('#wizard').append(form);
    const event = new SubmitEvent('submit', { bubbles: true, cancelable: true, submitter: form.firstChild });
    const taken = !form.dispatchEvent(event);
    form.remove();
    return taken;
  })).toBe(true);
}

async function openWizard(page) {
  await signIn(page, fr, camille);
  await page.goto(`/fr/${WIZARD}`);
  await awake(page);
}

const mark = (page) => page.evaluate(() => { window.mark = 'the same document'; });
const expectNoReload = async (page) => expect(await page.evaluate(() => window.mark)).toBe('the same document');

test('from the overview to the receipt there is no reload, and the address follows', async ({ page, deployment }) => {
  await openWizard(page);
  await mark(page);

  await askForCode(page, fr);
  await expectNoReload(page);
  await expect(page).toHaveURL(/\/delete-account\/code$/);
  await expect(page).toHaveTitle(/^Saisissez le code/);
  await confirm(page, fr, '12');
  await expect(problem(page)).toBeVisible();
  await expectNoReload(page);
  await confirm(page, fr, await deployment.mail.waitForCode(camille));
  await expect(page).toHaveURL(/\/fr\/erasure\//);
  await expectReceipt(page, fr);
  await expectNoReload(page);
  await expect(page).toHaveTitle(/^Suppression terminée/);
});

test('the focus goes where reading begins: to the heading, or to what is wrong', async ({ page, deployment }) => {
  await openWizard(page);
  await askForCode(page, fr);
  await expect(heading(page, fr.codeTitle)).toBeFocused();
  await confirm(page, fr, '12');
  await expect(problem(page)).toBeFocused();
  await confirm(page, fr, await deployment.mail.waitForCode(camille));
  await expectReceipt(page, fr);
  await expect(heading(page, fr.completed)).toBeFocused();
});

test('the back and forward buttons change steps without a reload', async ({ page }) => {
  await openWizard(page);
  await mark(page);
  await askForCode(page, fr);

  await page.goBack();
  await expect(heading(page, fr.overview)).toBeVisible();
  await page.goForward();
  await expect(codeField(page, fr)).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'Retour', exact: true }).click();
  await expect(heading(page, fr.overview)).toBeVisible();
  await expectNoReload(page);
});

test('the wait for another code is counted down, and then the button works', async ({ page, deployment }) => {
  test.slow(); // half a minute has to pass
  await walkToCode(page, fr, camille);
  await awake(page);
  const first = await deployment.mail.waitForCode(camille);
  const again = button(page, fr.resend);
  const seconds = async () => Number((await again.textContent()).match(/dans\s(\d+)\ss/)?.[1] ?? 0);
  await expect.poll(seconds).toBeGreaterThan(0);
  const left = await seconds();
  expect(left).toBeGreaterThan(15);
  await expect.poll(seconds).toBeLessThan(left);
  await expect.poll(seconds).toBeLessThan(left - 1);
  expect(await seconds(), 'it counts, it does not jump to its end').toBeGreaterThan(0);
  await again.click({ force: true });
  await expect(page.getByText('Un nouveau code est en route'), 'a click meanwhile does nothing').toBeHidden();

  await expect(again).not.toHaveAttribute('aria-disabled', 'true', { timeout: 40_000 });
  await again.click();
  await expect(page.getByText('Un nouveau code est en route')).toBeVisible();
  const second = await deployment.mail.waitForCode(camille, { after: 1 });
  await confirm(page, fr, first);
  await expect(problem(page), 'the code before is useless').toContainText('Il vous reste 4 essais');
  await confirm(page, fr, second);
  await expectReceipt(page, fr);
});

test('a double click is one request', async ({ page, deployment }) => {
  const posts = [];
  page.on('request', (request) => { if (request.url().endsWith('/confirm-deletion')) posts.push(request); });
  await openWizard(page);
  await askForCode(page, fr);
  await codeField(page, fr).fill(await deployment.mail.waitForCode(camille));

  await button(page, fr.confirm).dblclick();
  await expectReceipt(page, fr);
  expect(posts).toHaveLength(1);
});

test('a hidden tab asks nothing, and goes on when it is seen again', async ({ page, deployment }) => {
  const { graph, mail } = deployment;
  await graph.outage('down');
  await deleteAccount(page, fr, camille, mail);
  let polls = 0;
  page.on('request', (request) => { if (request.url().includes('/api/v1/erasures/')) polls += 1; });
  await expect.poll(() => polls).toBeGreaterThan(1);

  await setVisibility(page, 'hidden');
  await page.waitForTimeout(1_000); // for a question that was on its way
  const before = polls;
  await graph.outage('none');
  await page.waitForTimeout(3_000);
  expect(polls).toBe(before);
  await expect(heading(page, fr.erasing)).toBeVisible();

  await setVisibility(page, 'visible');
  await expectReceipt(page, fr);
});

/** Headless windows are always visible, so the page is told otherwise. */
async function setVisibility(page, state) {
  await page.evaluate((visibility) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => visibility });
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => visibility === 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}

test('without a network nothing that was typed is lost', async ({ page, context, deployment }) => {
  await openWizard(page);
  await askForCode(page, fr);
  const code = await deployment.mail.waitForCode(camille);
  await context.setOffline(true);
  await confirm(page, fr, code);
  await expect(page.getByText('Vous semblez être hors ligne')).toBeVisible();
  await expect(codeField(page, fr)).toHaveValue(code);

  await context.setOffline(false);
  await button(page, fr.confirm).click();
  await expectReceipt(page, fr);
});

test('the numbers of a running deletion move without a reload, and end full', async ({ page, deployment }) => {
  const { graph, mail } = deployment;
  await graph.outage('down');
  await deleteAccount(page, fr, camille, mail);
  await expect(heading(page, fr.erasing)).toBeVisible();
  await mark(page);
  await expect(page.locator('[data-stage=inventory]')).toHaveAttribute('data-state', 'done');
  await expect(page.locator('.bar')).toHaveCount(fr.categories.length);
  await expect(page.locator('.bar').filter({ hasText: 'Messages' })).toContainText(/0 sur 6\s300/);

  await graph.outage('none');
  await expectReceipt(page, fr);
  await expectNoReload(page);
});
