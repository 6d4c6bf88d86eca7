// A real SMTP server that keeps what it is given, and that can be down.
import { once } from 'node:events';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const CODE = /^(\d{4}) (\d{4})$/m;

export class Mailbox {
  letters = [];

  /** Answers; after a stop, at the same address as before. */
  async start() {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      closeTimeout: 100,
      onData: (stream, session, done) => {
        const keep = (letter) => { this.letters.push(letter); done(); };
        simpleParser(stream).then(keep, done);
      },
    });
    this.server.on('error', () => {}); // connections that the program drops
    this.server.listen(this.port ?? 0, '127.0.0.1');
    await once(this.server.server, 'listening');
    this.port = this.server.server.address().port;
  }

  stop() {
    return new Promise((stopped) => this.server.close(stopped));
  }

  to(address) {
    return this.letters.filter((letter) => letter.to.value.some((to) => to.address === address));
  }

  /** The newest letter to somebody whose subject fits. */
  async waitForLetter(address, subject, { after = 0, seconds = 20 } = {}) {
    const until = Date.now() + seconds * 1000;
    while (Date.now() < until) {
      const letter = this.to(address).slice(after).findLast((one) => one.subject.match(subject));
      if (letter) return letter;
      await new Promise((passed) => setTimeout(passed, 50));
    }
    throw new Error(`no letter ${subject} to ${address}, only: ${this.to(address).map((letter) => letter.subject).join(' | ')}`);
  }

  /** The newest code, as eight digits; with `after`, from a letter that came after that many. */
  async waitForCode(address, options) {
    const letter = await this.waitForLetter(address, /Votre code de suppression|Your Qliento deletion code/, options);
    return letter.text.match(CODE).slice(1).join('');
  }
}

/** The private link in a letter. */
export const linkIn = (letter) => letter.text.match(/^http:\/\/\S+\/erasure\/\S+$/m)?.[0];
