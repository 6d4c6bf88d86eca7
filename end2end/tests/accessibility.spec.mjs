// What a machine can check of accessibility, on every page, in both languages, by light and by dark.
import { expectAccessible } from '../support/looks.mjs';
import { test } from '../support/test.mjs';
import { PROVOKED, visitCancellation, visitEveryPage } from '../support/visits.mjs';
import { WORDS } from '../support/words.mjs';

test.use({ refusals: PROVOKED });
test.slow(); // two looks at each page

for (const words of Object.values(WORDS)) {
  test(`axe finds nothing on any page in ${words.name}`, async ({ page, deployment }) => {
    await visitEveryPage({ page, deployment, words, look: expectAccessible });
  });

  test(`axe finds nothing on the pages of a deletion that waits, in ${words.name}`, async ({ page, deployment, stranger }) => {
    await visitCancellation({ page, deployment, stranger, words, look: expectAccessible });
  });
}
