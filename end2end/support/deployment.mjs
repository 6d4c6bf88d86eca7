// A deployment of its own for each test: the demo's data, the real program, a mail server and a Meta that the test can stop.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Graph } from './graph.mjs';
import { Mailbox } from './mailbox.mjs';
import { operate, Program } from './program.mjs';
import { world } from './world.mjs';

/** What its mail server shows when it passes letters on. */
const INTAKE_SECRET = '0123456789abcdef0123';

/** The deployment's own number, to which people write and which sends codes. */
export const OWN_NUMBER = { id: '106540352242922', digits: '33140000000' };

export async function deploy(host = '127.0.0.1') {
  const folder = mkdtempSync(join(tmpdir(), 'qliento-test-'));
  const data = join(folder, 'data');
  cpSync(world().data, data, { recursive: true });
  const mail = new Mailbox();
  const graph = new Graph();
  await Promise.all([mail.start(), graph.start(folder)]);
  const tokenFile = join(folder, 'code-token');
  writeFileSync(tokenFile, 'EAAG-own-number', { mode: 0o600 });
  const secretFile = join(folder, 'intake-secret');
  writeFileSync(secretFile, INTAKE_SECRET, { mode: 0o600 });
  const port = await freePort();
  const listen = `127.0.0.1:${port}`;
  const address = `http://${host}:${port}`;
  const settings = {
    DATA_DIR: data,
    LISTEN: listen,
    PUBLIC_URL: address,
    SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
    GRAPH_URL: graph.address,
    META_APP_ID: '670840000000000',
    META_APP_SECRET: '0123456789abcdef0123456789abcdef',
    CODE_PHONE_NUMBER_ID: OWN_NUMBER.id,
    CODE_TOKEN_FILE: tokenFile,
    CODE_TEMPLATE: 'qliento_code',
    CODE_NUMBER: `+${OWN_NUMBER.digits}`,
    INTAKE_SECRET_FILE: secretFile,
  };
  const program = new Program('serve', folder, settings);
  const stop = async () => {
    await program.stop();
    await Promise.all([mail.stop(), graph.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  await program.healthy(address).catch(async (error) => { await stop(); throw error; });
  await graph.order({ callback: `http://${listen}/api/meta/webhook` });
  const run = (...words) => operate(words, folder, settings).trim();
  const write = (letter) => fetch(`http://${listen}/api/intake/email`, {
    method: 'POST', headers: { authorization: `Bearer ${INTAKE_SECRET}` }, body: letter,
  });
  return { address, mail, graph, run, write, log: () => program.log, stop };
}

/** Links in letters name the port, so it has to be known before the program starts. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
