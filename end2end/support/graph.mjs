// Meta's Graph API as far as an erasure needs it: a real socket, the shapes of `/{waba-id}/subscribed_apps`, and outages.
import { once } from 'node:events';
import { createServer } from 'node:http';

const DOWN = { message: 'An unexpected error occurred', type: 'GraphMethodException', code: 2, is_transient: true };
const GONE = { message: 'Not subscribed', type: 'GraphMethodException', code: 803 };
const APP = { whatsapp_business_api_data: { id: '670840000000000', name: 'Qliento' } };

export class Graph {
  /** The accounts whose events no longer come. */
  unsubscribed = new Set();
  /** Whether it answers with faults. */
  down = false;

  async start() {
    this.server = createServer((request, response) => {
      const [status, body] = this.answer(request.method, request.url.split('/')[2]);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.address = `http://127.0.0.1:${this.server.address().port}`;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((stopped) => this.server.close(stopped));
  }

  answer(method, account) {
    if (this.down) return [500, { error: DOWN }];
    const subscribed = !this.unsubscribed.has(account);
    if (method === 'GET') return [200, { data: subscribed ? [APP] : [] }];
    if (!subscribed) return [404, { error: GONE }];
    this.unsubscribed.add(account);
    return [200, { success: true }];
  }
}
