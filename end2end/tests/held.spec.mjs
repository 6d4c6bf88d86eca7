// A deletion that a legal hold keeps waiting: the page says why, stays where it is, and ends in the receipt by itself.
import { expectAccessible, expectNoSidewaysScroll } from '../support/looks.mjs';
import { linkIn } from '../support/mailbox.mjs';
import { confirm, expectReceipt, heading, walkToCode } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const SLUGS = { fr: 'atelier-rivage', en: 'harbour-coffee' };

/** A day so many days from now. */
const inDays = (count) => new Date(Date.now() + count * 86_400_000).toISOString().slice(0, 10);

for (const words of Object.values(WORDS)) {
  test(`a held deletion is accepted, explained and finished by itself in ${words.name}`, async ({ page, deployment, stranger, javaScriptEnabled }) => {
    const { mail, run } = deployment;
    const days = ['--review', inDays(30), '--expires', inDays(90)];
    const id = run('holds', 'add', 'organization', SLUGS[words.lang], '--basis', 'legal_claim', '--as', 'ada@example.org', ...days);
    await walkToCode(page, words, words.owner);

    await confirm(page, words, await mail.waitForCode(words.owner));

    await expect(heading(page, words.held)).toBeVisible();
    await expect(page.getByRole('main')).toContainText(words.heldWhy);
    if (javaScriptEnabled !== false) await expectAccessible(page); // it is a script that looks
    await page.setViewportSize({ width: 360, height: 740 });
    await expectNoSidewaysScroll(page);
    const letter = await mail.waitForLetter(words.owner, words.letters.held);
    expect(letter.text).toMatch(words.heldWhy);
    const other = await stranger();
    await other.goto(linkIn(letter));
    await expect(heading(other, words.held)).toBeVisible();

    run('holds', 'lift', id, '--as', 'ada@example.org', '--reason', 'Closed');
    run('holds', 'lift', id, '--as', 'bea@example.org', '--reason', 'Closed');
    await other.reload();
    await expectReceipt(other, words);
    await expect(other.getByRole('main')).toContainText(words.heldWhy);
  });
}
