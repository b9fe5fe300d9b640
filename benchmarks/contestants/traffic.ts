import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** Bytes over all connections that this process has opened. */
export interface Traffic {
  readonly sent: number;
  readonly received: number;
}

/** Counts from now on, connections that are there already left out. @returns what was counted so far. */
export function countTraffic(): () => Traffic {
  const sockets: Socket[] = [];
  subscribe('net.client.socket', (message) => sockets.push((message as { socket: Socket }).socket));
  const sum = (of: (socket: Socket) => number | undefined) =>
    sockets.reduce((total, socket) => total + (of(socket) ?? 0), 0);
  return () => ({ sent: sum(({ bytesWritten }) => bytesWritten), received: sum(({ bytesRead }) => bytesRead) });
}
