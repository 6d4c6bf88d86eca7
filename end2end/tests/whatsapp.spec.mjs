// Somebody to whom a business wrote shows that the number is theirs, with the simulated Meta as their WhatsApp: by a message that
// they send, and by a code that they are sent.
import { OWN_NUMBER } from '../support/deployment.mjs';
import { answerAsEndUser, send } from '../support/request-steps.mjs';
import { REQUEST } from '../support/request-words.mjs';
import { button, codeField, heading, problem } from '../support/steps.mjs';
import { expect, test } from '../support/test.mjs';
import { WORDS } from '../support/words.mjs';

const NUMBER = '+33 6 12 34 56 78';
const DIGITS = '33612345678';

test.use({ refusals: [422, 503] });

async function ask(page, words, asking) {
  await answerAsEndUser(page, words, asking, { number: NUMBER });
  await send(page, asking, asking.proofByNumber);
}

/** The person taps the link, and WhatsApp sends what stands in it. */
async function tap(graph, link, from = DIGITS) {
  const address = new URL(await link.getAttribute('href'));
  expect(address.origin + address.pathname).toBe(`https://wa.me/${OWN_NUMBER.digits}`);
  return graph.write({
    waba_id: '102290129340398', phone_number_id: OWN_NUMBER.id, display_phone_number: OWN_NUMBER.digits,
    from: { wa_id: from, user_id: null, name: 'Ada' }, text: address.searchParams.get('text'),
  });
}

const lastCode = async (graph) => (await graph.state()).sent_codes.at(-1);

for (const words of Object.values(WORDS)) {
  const asking = REQUEST[words.lang];

  test(`a message from the number proves it, and the page goes on by itself, in ${words.name}`, async ({ page, deployment }) => {
    await ask(page, words, asking);
    await button(page, asking.showCode).click();
    const link = page.getByRole('link', { name: asking.openWhatsapp });
    await expect(link).toBeVisible();
    await expect(page.getByRole('img', { name: asking.picture })).toBeVisible();

    const delivery = await tap(deployment.graph, link);
    expect(delivery.status).toBe(200);
    await expect(heading(page, asking.confirmed)).toBeVisible({ timeout: 20_000 });
    await expect(page).toHaveURL(new RegExp(`/${words.lang}/status/`));
  });

  test(`a code that was sent to the number proves it, in ${words.name}`, async ({ page, deployment }) => {
    await ask(page, words, asking);
    await button(page, asking.sendCode).click();
    await expect(codeField(page, words)).toBeVisible();
    const { code, to } = await lastCode(deployment.graph);
    expect(to).toBe(DIGITS);

    const wrong = String((Number(code) + 1) % 1e8).padStart(8, '0');
    await codeField(page, words).fill(wrong);
    await button(page, asking.confirm).click();
    await expect(problem(page)).toBeVisible();
    await codeField(page, words).fill(code);
    await button(page, asking.confirm).click();
    await expect(heading(page, asking.confirmed)).toBeVisible();
  });

  test(`a number that WhatsApp does not reach keeps the other way, in ${words.name}`, async ({ page, deployment }) => {
    await ask(page, words, asking);
    await deployment.graph.order({ unreachable: DIGITS });
    await button(page, asking.sendCode).click();
    await expect(problem(page)).toContainText(asking.whatsappSilent);
    await expect(button(page, asking.showCode)).toBeVisible();
  });
}
