// What a machine can check of accessibility, on every page of the console, in both languages, by light and by dark.
import { CONSOLE_PROVOKED, visitEveryConsolePage } from '../support/console-visits.mjs';
import { CONSOLE } from '../support/console-words.mjs';
import { expectAccessible } from '../support/looks.mjs';
import { test } from '../support/test.mjs';

test.use({ refusals: CONSOLE_PROVOKED });
test.setTimeout(600_000); // two looks at each of some thirty pages

for (const words of Object.values(CONSOLE)) {
  test(`axe finds nothing on any page of the console in ${words.name}`, async ({ page, deployment }) => {
    await visitEveryConsolePage({ page, deployment, words, look: expectAccessible });
  });
}
