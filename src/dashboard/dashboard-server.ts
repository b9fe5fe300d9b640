import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { codeOf, messageOf, UserError } from '../errors.js';
import type { Broadcast } from './broadcast.js';
import { PATHS, refusalOf } from './requests.js';

/** The only address that it listens at. */
const HOST = '127.0.0.1';

/** The ports of which the first free one is taken where none is given. */
export const PORTS = { first: 6016, last: 6035 } as const;

/** Connections at a time, those of listening browsers included. */
const MOST_CONNECTIONS = 64;

const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
} as const;

/** Gives browsers on this machine the page and what is broadcast. */
export class DashboardServer {
  readonly #server: Server;

  private constructor(
    private readonly html: string,
    private readonly broadcast: Broadcast,
  ) {
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.maxConnections = MOST_CONNECTIONS;
  }

  /**
   * Starts to listen.
   * @param port 0: the first free one of `free`. @param warn hears of what fails later, one line.
   * @throws UserError where the port cannot be had.
   */
  static async open(
    port: number,
    html: string,
    broadcast: Broadcast,
    warn: (line: string) => void,
    free: { readonly first: number; readonly last: number } = PORTS,
  ): Promise<DashboardServer> {
    const server = new DashboardServer(html, broadcast);
    const { first, last } = port === 0 ? free : { first: port, last: port };
    for (let candidate = first; candidate <= last; candidate++) {
      const failure = await server.#listen(candidate);
      if (failure === undefined) {
        server.#server.on('error', (error) => warn(`warning: the dashboard has a problem: ${error.message}`));
        return server;
      }
      if (port !== 0 || codeOf(failure) !== 'EADDRINUSE') throw refused(candidate, failure);
    }
    throw new UserError(
      `--dashboard must have a free port, but those from ${first} to ${last} are all in use; ` +
        'name another: --dashboard 8080',
    );
  }

  /** Where the page is. */
  get address(): string {
    return `http://${HOST}:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await this.broadcast.close();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** @returns why the port cannot be had; undefined where it is. */
  #listen(port: number): Promise<Error | undefined> {
    return new Promise((resolve) => {
      const server = this.#server;
      const done = (failure?: Error) => {
        server.off('error', done).off('listening', done);
        resolve(failure);
      };
      server.once('error', done).once('listening', done).listen(port, HOST);
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const refusal = refusalOf(request);
    const text = { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' };
    if (refusal) {
      const allow = refusal.status === 405 ? { Allow: 'GET, HEAD' } : {};
      response.writeHead(refusal.status, { ...text, ...allow }).end(`${refusal.line}\n`);
    } else if (request.url === PATHS.page) {
      response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' }).end(this.html);
    } else if (this.broadcast.isFull) {
      response.writeHead(503, text).end('Too many pages are open: close some.\n');
    } else {
      response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' });
      if (request.method === 'HEAD') response.end();
      else this.broadcast.add(response);
    }
  }
}

function refused(port: number, failure: Error): UserError {
  const why = codeOf(failure) === 'EADDRINUSE' ? 'it is in use' : messageOf(failure);
  return new UserError(
    `--dashboard ${port} must be a free port of this machine, but ${why}; name another, or leave it out for the first free one`,
  );
}
