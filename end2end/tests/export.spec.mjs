// Taking one's data along: from the settings, from the wizard, and never in the way of deleting.
import { readFileSync } from 'node:fs';
import { resumeOldSession } from '../support/old-session.mjs';
import { camille, leo, PASSWORD } from '../support/people.mjs';
import { askForCode, button, codeField, confirm, expectReceipt, heading, problem, signIn, WIZARD } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const { fr } = WORDS;
const PAGE = 'settings/export';

/** Clicks the button; the answer is the file's name and content. */
async function take(page, words) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: words.exportDownload }).click(),
  ]);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

/** The names in a ZIP's table of contents, which stands at its end. */
function namesIn(zip) {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  expect(end, 'it is a whole ZIP').toBeGreaterThan(0);
  const names = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    names.push(zip.toString('utf8', at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}

for (const words of Object.values(WORDS)) {
  test(`an owner takes everything along from the settings, in ${words.name}`, async ({ page, deployment }) => {
    await signIn(page, words, words.owner);
    await page.getByRole('main').getByRole('link', { name: words.exportLink }).click();
    await expect(heading(page, words.exportTitle)).toBeVisible();
    await expect(page.getByRole('main')).toContainText(words.organization);

    const { name, content } = await take(page, words);

    expect(name).toMatch(/^qliento-export-\d{4}-\d\d-\d\d\.zip$/);
    const names = namesIn(content);
    expect(names).toEqual(expect.arrayContaining(['index.html', 'messages.jsonl', 'contacts.jsonl', 'billing.jsonl']));
    expect(names.some((one) => one.startsWith('media/'))).toBe(true);
    await expect(heading(page, words.exportTitle), 'the page stays').toBeVisible();
    await deployment.mail.waitForLetter(words.owner, words.letters.exported);
  });
}

test('the wizard offers it and goes on with or without it', async ({ page, deployment }) => {
  await signIn(page, fr, camille);
  await page.goto(`/fr/${WIZARD}`);
  await page.getByRole('main').getByRole('link', { name: fr.exportLink }).click();
  await expect(heading(page, fr.exportTitle)).toBeVisible();
  const { content } = await take(page, fr);
  expect(namesIn(content)).toContain('index.html');

  await page.goBack();
  await expect(heading(page, fr.overview)).toBeVisible();
  await askForCode(page, fr);
  await confirm(page, fr, await deployment.mail.waitForCode(camille));
  await expectReceipt(page, fr);

  await page.goto(`/fr/${PAGE}`);
  await expect(page, 'its link died with the account').toHaveURL(/\/fr\/login/);
});

test('a member takes only what is theirs', async ({ page }) => {
  await signIn(page, fr, leo);
  await page.goto(`/fr/${PAGE}`);
  await expect(page.getByRole('main')).toContainText('n’en font pas partie');

  const { content } = await take(page, fr);

  expect(namesIn(content).filter((one) => one.startsWith('media/'))).toEqual([]);
});

test.describe('five minutes after signing in', () => {
  test.use({ refusals: [401, 422] });

  test('the password is asked for again, and then the download is there', async ({ page, context, deployment }) => {
    await resumeOldSession(context, deployment, camille);
    await page.goto(`/fr/${PAGE}`);
    await expect(page.getByRole('link', { name: fr.exportDownload })).toHaveCount(0);
    await button(page, fr.goOn).click();
    await expect(problem(page)).toBeVisible();
    await page.getByLabel(fr.password, { exact: true }).fill('not this one');
    await button(page, fr.goOn).click();
    await expect(problem(page)).toBeVisible();
    await page.getByLabel(fr.password, { exact: true }).fill(PASSWORD);
    await button(page, fr.goOn).click();

    const { content } = await take(page, fr);

    expect(namesIn(content)).toContain('messages.jsonl');
    await expect(codeField(page, fr), 'nobody mailed a code').toHaveCount(0);
  });
});
