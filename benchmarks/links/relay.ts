import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type Line, transferMs } from './line.js';

/** Bytes on the line, after which a sender is held up, as by the buffers of a real one. */
const MOST_HELD = 2 ** 19;

/**
 * Listens on this machine, and carries what comes to another port and back, as slowly as a line would. For systems
 * without a slow line of their own; it costs the processor its copies, and is up to 1 ms late, as timers are.
 */
export async function startRelay(target: number, line: Line): Promise<{ port: number; close: () => void }> {
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true });
    for (const socket of [near, far]) {
      open.add(socket);
      // Both ends have heard of it: it closes.
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
    carry(near, far, line);
    carry(far, near, line);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      open.forEach((socket) => socket.destroy());
    },
  };
}

/** Carries one direction. */
function carry(from: Socket, to: Socket, line: Line): void {
  const held: { bytes: Buffer; due: number }[] = [];
  let [size, free] = [0, 0];
  let timer: NodeJS.Timeout | undefined;
  const deliver = () => {
    timer = undefined;
    const now = performance.now();
    while (held.length > 0 && held[0].due <= now) {
      const { bytes } = held.splice(0, 1)[0];
      size -= bytes.length;
      to.write(bytes);
    }
    if (size < MOST_HELD) from.resume();
    if (held.length > 0) timer = setTimeout(deliver, held[0].due - now);
  };
  from.on('data', (bytes: Buffer) => {
    free = Math.max(performance.now(), free) + transferMs(bytes.length, line);
    held.push({ bytes, due: free + line.delayMs });
    size += bytes.length;
    if (size >= MOST_HELD) from.pause();
    if (!timer) deliver();
  });
  from.on('close', () => {
    clearTimeout(timer);
    to.destroy();
  });
}
