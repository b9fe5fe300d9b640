import type { Socket } from 'node:net';
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

/** A connection that carries frames. */
export class Channel {
  #failure: string | undefined;

  constructor(
    private readonly socket: Socket,
    listener: ChannelListener,
  ) {
    const reader = new FrameReader(listener.limit);
    socket.setNoDelay(true);
    // The other side may vanish without a word: its system is asked, not its program, which may be busy.
    socket.setKeepAlive(true, 5000);
    socket.on('data', (bytes) => {
      try {
        reader.push(bytes).forEach(listener.frame);
      } catch (error) {
        this.end(messageOf(error));
      }
    });
    socket.on('error', (error) => (this.#failure ??= error.message));
    socket.on('end', () => socket.destroy());
    socket.on('close', () => listener.ended(this.#failure ?? 'the connection was closed'));
  }

  /** @returns when the system has taken all of it, or the connection has ended. @param pieces not to change before. */
  async send(kind: number, ...pieces: ArrayBufferView[]): Promise<void> {
    if (this.socket.destroyed) return;
    const length = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.socket.cork();
    const all: ArrayBufferView[] = [headOf(kind, length), ...pieces];
    const written = all.map(
      ({ buffer, byteOffset, byteLength }) =>
        new Promise<void>((resolve) => {
          this.socket.write(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength), () => resolve());
        }),
    );
    this.socket.uncork();
    await Promise.all(written);
  }

  /** As `send`, of a value as JSON. */
  sendJson(kind: number, value: object): Promise<void> {
    return this.send(kind, new TextEncoder().encode(JSON.stringify(value)));
  }

  /** Sends a last frame and ends the connection. */
  async finish(kind: number, value: object): Promise<void> {
    await this.sendJson(kind, value);
    this.socket.end();
  }

  /** Ends the connection at once. */
  end(why: string): void {
    this.#failure ??= why;
    this.socket.destroy();
  }
}
