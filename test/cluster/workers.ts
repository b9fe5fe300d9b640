import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { FRAME, type Frame, FrameReader, headOf } from '../../src/cluster/frames.js';
import { identity } from '../../src/cluster/messages.js';
import { type Running, start } from '../cli/processes.js';

/** A worker in a process of its own, on a port that was free. */
export interface TestWorker extends Running {
  readonly port: number;
  readonly address: string;
}

/** Starts one and waits until it listens. */
export async function startWorker(...args: string[]): Promise<TestWorker> {
  const running = start('worker', '--port', '0', ...args);
  let text = '';
  running.child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await running.printed('Ctrl-C ends this worker');
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(text)?.[1]);
  return { ...running, port, address: `127.0.0.1:${port}` };
}

/** Someone who comes to a worker's port: a connection that says what a test wants. */
export class Visitor {
  readonly #frames: Frame[] = [];
  readonly ended: Promise<unknown>;

  private constructor(readonly socket: Socket) {
    const reader = new FrameReader(
      () => 2 ** 20,
      (frame) => this.#frames.push(frame),
    );
    socket.on('data', (bytes) => reader.push(bytes));
    socket.on('error', () => undefined);
    this.ended = once(socket, 'close');
  }

  static async at({ port }: TestWorker, options: { allowHalfOpen?: boolean } = {}): Promise<Visitor> {
    const socket = connect({ ...options, port, host: '127.0.0.1' });
    await once(socket, 'connect');
    return new Visitor(socket);
  }

  say(kind: number, content: Uint8Array | object): this {
    const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content));
    this.socket.write(Buffer.concat([headOf(kind, bytes.length), bytes]));
    return this;
  }

  hello(other: object = {}): this {
    return this.say(FRAME.hello, { ...identity(), ...other });
  }

  /** The first frame of a kind, as JSON; waits for it. @throws Error where the connection ends before. */
  async hears(kind: number): Promise<Record<string, unknown>> {
    let isOpen = true;
    void this.ended.then(() => (isOpen = false));
    for (;;) {
      const frame = this.#frames.find((each) => each.kind === kind);
      if (frame) return JSON.parse(Buffer.from(frame.content).toString() || '{}') as Record<string, unknown>;
      if (!isOpen) throw new Error(`the worker hung up without a frame of kind ${kind}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
