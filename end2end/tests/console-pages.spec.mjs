// Every page of the console on a narrow screen.
import { CONSOLE_PROVOKED, visitEveryConsolePage } from '../support/console-visits.mjs';
import { CONSOLE } from '../support/console-words.mjs';
import { expectNoSidewaysScroll } from '../support/looks.mjs';
import { test } from '../support/test.mjs';

test.use({ refusals: CONSOLE_PROVOKED });
test.setTimeout(240_000); // some thirty pages, and codes that are new each half minute

for (const words of Object.values(CONSOLE)) {
  test(`no page of the console scrolls sideways on a telephone in ${words.name}`, async ({ page, deployment }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await visitEveryConsolePage({ page, deployment, words, look: expectNoSidewaysScroll });
  });
}
