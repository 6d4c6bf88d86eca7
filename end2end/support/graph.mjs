// Meta and WhatsApp as the program itself plays them (`qliento simulate meta`): a real socket, Meta's shapes, outages on demand.
import { Program } from './program.mjs';

export class Graph {
  async start(folder) {
    this.program = new Program(['simulate', 'meta'], folder, {});
    [, this.address] = await this.program.until(({ output }) => output.match(/simulated Meta: (http:\S+)/));
  }

  async stop() {
    await this.program.stop();
  }

  /** From now on it misbehaves like this: `down`, `token_revoked`, `400/368`; `none` ends it. */
  async outage(name) {
    await this.#post('/control/outage', name, 'text/plain');
  }

  /** One of the orders that `server/src/demo/meta/control.rs` lists. */
  async order(order) {
    await this.#post('/control', JSON.stringify(order));
  }

  /** Somebody writes to a business; the answer says how the webhook was received, or null when there was none. */
  async write(message) {
    return (await this.#post('/control/message', JSON.stringify(message))).json();
  }

  /** Everything it keeps: subscriptions, calls, codes that were sent. */
  async state() {
    return (await fetch(`${this.address}/control/state`)).json();
  }

  /** The accounts whose events no longer come. */
  async unsubscribed() {
    return (await this.state()).unsubscribed;
  }

  async #post(path, body, type = 'application/json') {
    const answer = await fetch(this.address + path, { method: 'POST', headers: { 'content-type': type }, body });
    if (!answer.ok) throw new Error(`the simulated Meta refuses ${path}: ${answer.status}`);
    return answer;
  }
}
