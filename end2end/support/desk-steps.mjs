// What brings a request before staff.
import { expect } from '@playwright/test';

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
