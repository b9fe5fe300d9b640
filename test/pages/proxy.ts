import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a server that can be cut: a tunnel, a machine that sleeps. */
export interface Proxy {
  readonly address: string;
  /** Ends all connections and lets none be made. */
  cut: () => void;
  restore: () => void;
}

/** Opens a way to the server of an address, until the test has ended. */
export async function proxyTo(address: string): Promise<Proxy> {
  const port = Number(new URL(address).port);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      // What is cut is cut for both.
      socket.on('error', () => undefined);
      socket.on('close', () => [near, far].forEach((end) => end.destroy()));
    }
    near.pipe(far).pipe(near);
  });
  const cut = () => {
    isCut = true;
    sockets.forEach((socket) => socket.destroy());
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    cut,
    restore: () => (isCut = false),
  };
}
