import { connect, type OnReadOpts, Socket } from 'node:net';
import { messageOf } from '../errors.js';
import { type Frame, FrameReader, headOf } from './frames.js';

/** What hears of a connection. */
export interface ChannelListener {
  /** The most bytes that a frame of a kind may bring now. */
  readonly limit: (kind: number) => number;
  /** @throws Error for what should not have come: the connection ends. */
  readonly frame: (frame: Frame) => void;
  /** The connection has ended, whoever ended it; once. */
  readonly ended: (why: string) => void;
}

/** Bytes that are read at a time: into memory that is used again, which takes half of the time of pieces of their own. */
const READ_BYTES = 2 ** 18;

/** Longest time from a last frame until the connection has ended, ms: the other side may never hang up. */
const GOODBYE_MS = 5000;

/** A connection that carries frames. */
export class Channel {
  readonly #socket: Socket;
  #failure: string | undefined;

  private constructor(listener: ChannelListener, open: (onread: OnReadOpts) => Socket) {
    const reader = new FrameReader(listener.limit);
    const callback = (count: number, buffer: Uint8Array): boolean => {
      try {
        reader.push(buffer.subarray(0, count)).forEach(listener.frame);
      } catch (error) {
        this.end(messageOf(error));
      }
      return true;
    };
    const socket = (this.#socket = open({ buffer: new Uint8Array(READ_BYTES), callback }));
    socket.setNoDelay(true);
    // The other side may vanish without a word: its system is asked, not its program, which may be busy.
    socket.setKeepAlive(true, 5000);
    socket.on('error', (error) => (this.#failure ??= error.message));
    socket.on('end', () => socket.destroy());
    socket.on('close', () => listener.ended(this.#failure ?? 'the connection was closed'));
  }

  /** Opens a connection. */
  static to({ host, port }: { readonly host: string; readonly port: number }, listener: ChannelListener): Channel {
    return new Channel(listener, (onread) => connect({ host, port, onread }));
  }

  /** Takes over one that is there and has not been read from. */
  static around(socket: Socket, listener: ChannelListener): Channel {
    return new Channel(listener, (onread) => {
      return socket.on('data', (bytes) => onread.callback(bytes.length, bytes)).resume();
    });
  }

  /** Takes over one that another process has opened. @param fd its descriptor here. */
  static of(fd: number, listener: ChannelListener): Channel {
    return new Channel(listener, (onread) => new Socket({ fd, onread } as ConstructorParameters<typeof Socket>[0]));
  }

  /** @returns when the system has taken all of it, or the connection has ended. @param pieces not to change before. */
  async send(kind: number, ...pieces: ArrayBufferView[]): Promise<void> {
    if (this.#socket.destroyed) return;
    const length = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.#socket.cork();
    const all: ArrayBufferView[] = [headOf(kind, length), ...pieces];
    const written = all.map(
      ({ buffer, byteOffset, byteLength }) =>
        new Promise<void>((resolve) => {
          this.#socket.write(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength), () => resolve());
        }),
    );
    this.#socket.uncork();
    await Promise.all(written);
  }

  /** As `send`, of a value as JSON. */
  sendJson(kind: number, value: object): Promise<void> {
    return this.send(kind, new TextEncoder().encode(JSON.stringify(value)));
  }

  /** Sends a last frame and ends the connection. */
  async finish(kind: number, value: object): Promise<void> {
    await this.sendJson(kind, value);
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), GOODBYE_MS).unref();
  }

  /** Ends the connection at once. */
  end(why: string): void {
    this.#failure ??= why;
    this.#socket.destroy();
  }
}
