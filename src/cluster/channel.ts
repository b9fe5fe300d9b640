import { connect, type OnReadOpts, Socket } from 'node:net';
import { codeOf, messageOf } from '../errors.js';
import { type Frame, FrameReader, headOf } from './frames.js';

/** What hears of a connection. */
export interface ChannelListener {
  /** The most bytes that a frame of a kind may have now. */
  readonly limit: (kind: number) => number;
  /** @throws Error for what should not have come: the connection ends. */
  readonly frame: (frame: Frame) => void;
  /** The connection has ended, whoever ended it; once. */
  readonly ended: (why: string) => void;
}

/** Bytes that are read at a time: into memory that is used again, which takes half of the time of pieces of their own. */
const READ_BYTES = 2 ** 18;

/** What a system says of a connection whose other end is gone, by way of reading or writing. */
const CUT: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE']);

/** Longest time from a last frame until the connection has ended, ms: the other side may never hang up. */
const GOODBYE_MS = 5000;

/** A connection that carries frames. */
export class Channel {
  readonly #socket: Socket;
  #failure: string | undefined;

  readonly #reader: FrameReader;

  private constructor(listener: ChannelListener, open: (onread: OnReadOpts) => Socket) {
    const reader = (this.#reader = new FrameReader(listener.limit, listener.frame));
    const callback = (count: number, buffer: Uint8Array): boolean => {
      try {
        reader.push(buffer.subarray(0, count));
      } catch (error) {
        this.end(messageOf(error));
      }
      return true;
    };
    const socket = (this.#socket = open({ buffer: new Uint8Array(READ_BYTES), callback }));
    socket.setNoDelay(true);
    // The other side may vanish without a word: its system is asked, not its program, which may be busy.
    socket.setKeepAlive(true, 5000);
    socket.on(
      'error',
      (error) => (this.#failure ??= CUT.has(codeOf(error)) ? 'the connection was cut' : error.message),
    );
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

  /**
   * Sends a frame, whose content may come in pieces. @returns when the system has taken all of it, or the connection has
   * ended. @param pieces not to change before.
   */
  async send(kind: number, ...pieces: readonly ArrayBufferView[]): Promise<void> {
    const length = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
    // Given to the system at once, which wakes the other side once.
    this.#socket.cork();
    const written = [headOf(kind, length), ...pieces].map((piece) => this.#write(piece));
    this.#socket.uncork();
    await Promise.all(written);
  }

  #write({ buffer, byteOffset, byteLength }: ArrayBufferView): Promise<void> {
    if (this.#socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#socket.write(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength), () => resolve());
    });
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

  /** Gives the memory of a frame back, for one to come. @param content that nobody reads any more. */
  reuse(content: Uint8Array<ArrayBuffer>): void {
    this.#reader.reuse(content);
  }

  /** Ends the connection at once. */
  end(why: string): void {
    this.#failure ??= why;
    this.#socket.destroy();
  }
}
