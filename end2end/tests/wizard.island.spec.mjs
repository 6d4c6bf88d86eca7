// What JavaScript adds: one page without reloads, a countdown, live progress that rests in a hidden tab.
import { beginButton, code, confirmButton, expect, expectReceipt, test, walkToCode, WIZARD, WORDS } from '../support/test.mjs';

const { owner } = WORDS.fr;
const mark = (page) => page.evaluate(() => { window.mark = 'still the same document'; });
const marked = (page) => page.evaluate(() => window.mark);

test('the island is alive: the wizard changes its steps without a reload', async ({ page, signIn, deployment }) => {
  await signIn(owner);
  await page.goto(`/fr/${WIZARD}`);
  await page.waitForLoadState('networkidle');
  await mark(page);

  await beginButton(page).click();
  await expect(code(page)).toBeVisible();
  expect(await marked(page)).toBe('still the same document');
  await expect(page).toHaveURL(/\/code$/);
  await code(page).fill(await deployment.mail.code(owner));
  await confirmButton(page).click();
  await expectReceipt(page);
  expect(await marked(page)).toBe('still the same document');
  await expect(page.locator('h1')).toBeFocused();
});

test('the wait for another code is counted down', async ({ page, signIn }) => {
  await signIn(owner);
  await walkToCode(page, 'fr');
  const button = page.locator('form[action="/api/account/send-code"] button');
  const seconds = async () => Number((await button.textContent()).match(/\d+/)?.[0] ?? 0);
  const first = await seconds();
  await expect.poll(seconds).toBeLessThan(first || 30);
});

test('a double click confirms once', async ({ page, signIn, deployment }) => {
  const posts = [];
  page.on('request', (request) => { if (request.url().endsWith('/confirm-deletion')) posts.push(request); });
  await signIn(owner);
  await page.goto(`/fr/${WIZARD}`);
  await page.waitForLoadState('networkidle');
  await beginButton(page).click();
  await code(page).fill(await deployment.mail.code(owner));
  await confirmButton(page).dblclick();
  await expectReceipt(page);
  expect(posts).toHaveLength(1);
});

test('a hidden tab does not ask, and goes on when it is seen again', async ({ page, signIn, deployment, request }) => {
  await request.post(`${deployment.graph}/control/outage`, { data: 'down', headers: { 'content-type': 'text/plain' } });
  await signIn(owner);
  await walkToCode(page, 'fr');
  await code(page).fill(await deployment.mail.code(owner));
  await confirmButton(page).click();
  await expect(page).toHaveURL(/erasure/);
  const hide = (hidden) => page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => state === 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden ? 'hidden' : 'visible');

  let polls = 0;
  page.on('request', (one) => { if (one.url().includes('/api/v1/erasures/')) polls += 1; });
  await expect.poll(() => polls).toBeGreaterThan(1);
  await hide(true);
  await page.waitForTimeout(1_000);
  const before = polls;
  await page.waitForTimeout(2_500);
  expect(polls).toBe(before);
  await request.post(`${deployment.graph}/control/outage`, { data: 'none', headers: { 'content-type': 'text/plain' } });
  await hide(false);
  await expectReceipt(page);
});
