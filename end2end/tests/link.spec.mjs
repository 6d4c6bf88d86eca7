// The private link of a deletion: it needs no session, survives everything, and shows one case only.
import { deleteAccount, expectReceipt, heading, signIn, WIZARD } from '../support/steps.mjs';
import { camille } from '../support/people.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const { fr } = WORDS;

test('the progress survives a reload, and opens in a browser that never saw the site', async ({ page, deployment, stranger }) => {
  await deployment.graph.outage('down');
  await deleteAccount(page, fr, camille, deployment.mail);
  await expect(heading(page, fr.erasing)).toBeVisible();
  await page.reload();
  await expect(heading(page, fr.erasing)).toBeVisible();

  const other = await stranger();
  await other.goto(page.url());
  await expect(heading(other, fr.erasing)).toBeVisible();
  await deployment.graph.outage('none');
  await expectReceipt(other, fr);
  await expectReceipt(page, fr);
  await page.reload();
  await expectReceipt(page, fr);
});

test('an outage at Meta is said, and waited out', async ({ page, deployment }) => {
  await deployment.graph.outage('down');
  await deleteAccount(page, fr, camille, deployment.mail);
  await expect(page.getByText('Une étape prend plus de temps que prévu')).toBeVisible();

  await deployment.graph.outage('none');
  await expectReceipt(page, fr);
  expect((await deployment.graph.unsubscribed()).length).toBeGreaterThan(0);
});

test('the back button after confirming leads to the deletion, never to a form', async ({ page, deployment }) => {
  await deleteAccount(page, fr, camille, deployment.mail);
  await expectReceipt(page, fr);
  const address = page.url();

  await page.goBack();
  await expect(page).toHaveURL(address);
  await expectReceipt(page, fr);
  await page.goto(`/fr/${WIZARD}`);
  await expect(page).toHaveURL(address);
});

test('confirming ends every session of the account', async ({ page, deployment, stranger }) => {
  const telephone = await stranger();
  await signIn(telephone, fr, camille);
  await deleteAccount(page, fr, camille, deployment.mail);

  await telephone.goto('/fr/settings');
  await expect(telephone).toHaveURL(/\/fr\/login/);
  const tab = await page.context().newPage(); // the first one loads itself again, now and then
  await tab.goto('/fr/settings');
  await expect(tab).toHaveURL(/\/fr\/login/);
});

test.describe('a link that was not given out', () => {
  test.use({ refusals: [404] });

  test('says the same whether it is malformed or unknown, and tells nothing of the receipt', async ({ page, request }) => {
    const unknown = 'A'.repeat(43);
    for (const capability of [unknown, 'short']) {
      await page.goto(`/fr/erasure/${capability}`);
      await expect(heading(page, fr.notFound)).toBeVisible();
      expect((await request.get(`/api/v1/erasures/${capability}`)).status()).toBe(404);
      expect((await request.get(`/api/v1/erasures/${capability}/receipt`)).status()).toBe(404);
    }
  });
});
