import { type ChildProcess, fork, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, isIP, type Server, type Socket } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, UserError } from '../errors.js';
import { Channel } from './channel.js';
import { FRAME } from './frames.js';
import { JSON_LIMIT } from './messages.js';
import type { SessionNews, SessionRequest } from './session.js';

/** How a worker listens and computes. */
export interface WorkerRequest {
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** Threads, and so shards, that it offers. */
  readonly threads: number;
  /** Whether other machines may come in. */
  readonly trustNetwork: boolean;
}

/** A worker that listens. */
export interface ListeningWorker {
  readonly port: number;
  close(): void;
}

/** Hears of the trainers that come and go. */
export type OnSession = (trainer: string, news: SessionNews) => void;

/**
 * Listens for trainers and serves one at a time, each in a process of its own, so that nothing of one is left for the
 * next. @throws UserError for an address that must not or cannot be listened at.
 */
export async function listen(request: WorkerRequest, onSession: OnSession): Promise<ListeningWorker> {
  requireTrust(request);
  const { host, port, threads } = request;
  let session: ChildProcess | undefined;
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    if (session) return refuseBusy(socket);
    const trainer = nameOf(socket);
    const child = (session = startSession(socket, threads, (news) => {
      if ('ended' in news) {
        // It may be computing still; the next trainer must not wait for that.
        child.kill('SIGKILL');
        session = undefined;
      }
      onSession(trainer, news);
    }));
  });
  await started(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      session?.kill('SIGKILL');
    },
  };
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

function requireTrust({ host, trustNetwork }: WorkerRequest): void {
  if (trustNetwork || LOOPBACK.test(host)) return;
  throw new UserError(
    `--host must be this machine's own (127.0.0.1), but got '${host}', where whoever reaches the port may come in ` +
      'without a password; add --trust-network where all of them may, or leave --host out and use an SSH tunnel',
  );
}

async function started(server: Server, host: string, port: number): Promise<void> {
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    throw new UserError(`the worker must listen on ${host} port ${port}, but ${messageOf(error)}; take another --port`);
  }
}

/** @param onNews hears the end once, also of a process that is killed. */
function startSession(socket: Socket, threads: number, onNews: (news: SessionNews) => void): ChildProcess {
  const program = fileURLToPath(new URL(`session${extname(import.meta.url)}`, import.meta.url));
  const stdio: StdioOptions = ['ignore', 'ignore', 'inherit', 'ipc', socket];
  const child = fork(program, { stdio });
  // The connection is the other process's now.
  socket.destroy();
  let hasEnded = false;
  const pass = (news: SessionNews) => {
    if (!hasEnded) onNews(news);
    hasEnded ||= 'ended' in news;
  };
  child.on('message', (news) => pass(news as SessionNews));
  child.on('exit', () => pass({ ended: 'the process that served it has ended', parts: 0 }));
  child.on('error', (error) => pass({ ended: error.message, parts: 0 }));
  child.send({ fd: stdio.indexOf(socket), threads } satisfies SessionRequest);
  return child;
}

function refuseBusy(socket: Socket): void {
  const nothing = () => undefined;
  // What it says meanwhile is read, else the system would drop the answer, but not looked at.
  const channel = Channel.around(socket, { limit: () => JSON_LIMIT, frame: nothing, ended: nothing });
  void channel.finish(FRAME.refusal, { reason: 'it is serving another trainer' });
}

function nameOf({ remoteAddress = 'someone', remotePort }: Socket): string {
  return `${isIP(remoteAddress) === 6 ? `[${remoteAddress}]` : remoteAddress}:${remotePort ?? ''}`;
}
