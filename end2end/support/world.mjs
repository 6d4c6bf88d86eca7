// Before the tests: the program's own demo fills a folder once. Each test gets a copy of it, and starts at once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { camille, harriet, PASSWORD } from './people.mjs';
import { Program } from './program.mjs';

export default async function prepare() {
  const folder = mkdtempSync(join(tmpdir(), 'qliento-world-'));
  const data = join(folder, 'demo');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const demo = new Program('demo', folder, { DATA_DIR: data, LISTEN: '127.0.0.1:0' });
  try {
    const [, address] = await demo.until(({ output }) => output.match(/the demo:\s+(http:\S+)/));
    await demo.healthy(address);
    const sessions = {};
    for (const person of [camille, harriet]) sessions[person] = await signIn(address, person);
    const staff = Object.fromEntries([...demo.output.matchAll(/(\S+@qliento\.example) .*\/console\/set-up\/(\S+)/g)].map(
      ([, email, capability]) => [email, capability],
    ));
    process.env.QLIENTO_TEST_WORLD = JSON.stringify({ data, sessions, staff, signedInAt: Date.now() });
  } catch (error) {
    remove();
    throw error;
  } finally {
    await demo.stop();
  }
  return remove;
}

/** A session that is old when the last tests need one. */
async function signIn(address, email) {
  const answer = await fetch(`${address}/api/session/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: address },
    body: new URLSearchParams({ lang: 'fr', email, password: PASSWORD }),
  });
  const cookie = answer.headers.getSetCookie().join().match(/__Host-session=([^;]+)/);
  if (!cookie) throw new Error(`${email} cannot sign in: ${answer.status}`);
  return cookie[1];
}

/** What was prepared: the folder to copy, the sessions that grow old and since when, the links that open the console. */
export const world = () => JSON.parse(process.env.QLIENTO_TEST_WORLD);
