// One demo of its own for each test: fresh data, the real program, a mail server that the test can read and stop.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const target = process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/qliento/target');
const program = process.env.QLIENTO_BIN ?? join(target, 'debug/qliento');
export const PASSWORD = 'demo-demo-demo';

export class Mailbox {
  letters = [];

  async start(port = 0) {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream, session, done) => simpleParser(stream).then((letter) => { this.letters.push(letter); done(); }, done),
    });
    this.server.on('error', () => {});
    this.server.listen(port, '127.0.0.1');
    await once(this.server.server, 'listening');
    this.port = this.server.server.address().port;
  }

  stop() {
    return new Promise((stopped) => this.server.close(stopped));
  }

  to(address) {
    return this.letters.filter((letter) => letter.to.value.some((to) => to.address === address));
  }

  async wait(address, fits, seconds = 20) {
    const until = Date.now() + seconds * 1000;
    while (Date.now() < until) {
      const letter = this.to(address).findLast(fits);
      if (letter) return letter;
      await new Promise((passed) => setTimeout(passed, 50));
    }
    throw new Error(`no such letter to ${address}: ${this.to(address).map((letter) => letter.subject)}`);
  }

  /** The newest code; with `after`, one that came later than that many letters. */
  async code(address, after = 0) {
    const found = (letter) => /^\d{4} \d{4}$/m.test(letter.text) && this.to(address).indexOf(letter) >= after;
    return (await this.wait(address, found)).text.match(/^\d{4} \d{4}$/m)[0];
  }

  async link(address, fits) {
    return (await this.wait(address, fits)).text.match(/^http:\/\/\S+$/m)[0];
  }
}

export async function deploy() {
  const folder = mkdtempSync(join(tmpdir(), 'qliento-'));
  const mail = new Mailbox();
  await mail.start();
  const environment = {
    PATH: process.env.PATH,
    QLIENTO_DATA_DIR: join(folder, 'demo'),
    QLIENTO_LISTEN: '127.0.0.1:0',
    QLIENTO_SITE_ROOT: process.env.SITE_ROOT ?? join(target, 'site'),
    QLIENTO_SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
  };
  const process_ = spawn(program, ['demo'], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let complaints = '';
  process_.stderr.on('data', (text) => { complaints += text; });
  const address = await new Promise((found, failed) => {
    process_.on('exit', (code) => failed(new Error(`the demo ended with ${code}: ${complaints}`)));
    process_.stdout.on('data', (text) => {
      printed += text;
      const line = printed.match(/the demo:\s+(http:\S+)/);
      if (line) found(line[1]);
    });
  });
  return {
    address,
    mail,
    log: () => complaints,
    graph: printed.match(/Graph:\s+(http:\S+)/)?.[1],
    async stop() {
      process_.removeAllListeners('exit');
      process_.kill('SIGTERM');
      await once(process_, 'exit');
      await mail.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
