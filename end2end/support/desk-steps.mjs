// What brings a request before staff.
import { expect } from '@playwright/test';
import { visit } from './console-steps.mjs';
import { button } from './steps.mjs';

const NUMBER = '+33699887766';

/** Somebody asks for another through a customer's site, and shows to the operator whose number it is; gives the reference. */
export async function askedForAnother(page, deployment, language, contact) {
  const answer = await page.request.post('/api/v1/requests', {
    data: {
      role: 'representative',
      identity: { kind: 'phone', value: NUMBER },
      contact_email: contact,
      statement: true,
      language,
    },
  });
  expect(answer.status()).toBe(201);
  const { reference, capability } = await answer.json();
  deployment.run('requests', 'prove', reference, NUMBER);
  await expect.poll(async () => (await (await page.request.get(`/api/v1/requests/${capability}`)).json()).state).toBe('in_review');
  return reference;
}

/** An officer proposes that an organization goes, or one contact of it; ends when that is said. */
export async function proposeDeletion(page, words, slug, contact = '') {
  await visit(page, words.deletions);
  await page.getByText(words.proposeDeletion, { exact: true }).click();
  await page.getByLabel(words.shortName, { exact: true }).fill(slug);
  await page.getByLabel(words.oneContact).fill(contact);
  await page.getByLabel(words.legalGround, { exact: true }).selectOption('no_longer_needed');
  await page.getByLabel(words.reasonWithFile, { exact: true }).fill(words.contractOver);
  await button(page, words.proposeIt).click();
  await expect(page.getByRole('status')).toContainText(words.deletionProposed);
}
