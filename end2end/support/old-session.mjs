// Somebody who signed in more than five minutes ago, by a real clock.
import { test } from '@playwright/test';
import { world } from './world.mjs';

const FIVE_MINUTES_MS = 5 * 60_000 + 2_000; // and a little, for clocks that tick apart

/** Gives a browser the session that the set-up opened, as soon as it is old enough. */
export async function resumeOldSession(context, deployment, person) {
  const { sessions, signedInAt } = world();
  const missing = signedInAt + FIVE_MINUTES_MS - Date.now();
  if (missing > 0) {
    test.setTimeout(missing + 60_000);
    await new Promise((passed) => setTimeout(passed, missing));
  }
  const { hostname } = new URL(deployment.address);
  await context.addCookies([{
    name: '__Host-session', value: sessions[person], domain: hostname, path: '/', secure: true, httpOnly: true, sameSite: 'Lax',
  }]);
}
