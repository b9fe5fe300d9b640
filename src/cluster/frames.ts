/** What a frame is: the first byte of it. */
export const FRAME = {
  /** Trainer: who is there, JSON. */
  hello: 1,
  /** Worker: its answer, JSON. */
  welcome: 2,
  /** Worker: a reason why not, JSON; the connection ends. */
  refusal: 3,
  /** Trainer: what will be computed, JSON. */
  start: 4,
  /** Worker: TensorFlow is loaded; empty. */
  ready: 5,
  /** Trainer: the weights and memories to go on from, numbers. */
  state: 6,
  /** Trainer: a part of a window to compute, numbers. */
  work: 7,
  /** Worker: what it gives, numbers. */
  result: 8,
  /** Trainer: what the others give, numbers: with both the weights are changed. */
  rest: 9,
  /** Worker: it is alive, empty; once a second. */
  beat: 10,
} as const;

/** One message: its kind, and its content in memory of its own. */
export interface Frame {
  readonly kind: number;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** Kind, and the length of the content as 32 bits, little-endian. */
const HEAD = 5;

/** The first bytes of a frame, before its content. */
export function headOf(kind: number, length: number): Uint8Array {
  const head = new Uint8Array(HEAD);
  new DataView(head.buffer).setUint32(1, length, true);
  head[0] = kind;
  return head;
}

/** A frame that is longer than it may be: what comes from the other side cannot be trusted. */
export class FrameTooLong extends Error {}

/** Puts frames together from bytes as they come. */
export class FrameReader {
  readonly #head = new Uint8Array(HEAD);
  #read = 0;
  #content: Uint8Array<ArrayBuffer> | undefined;
  #spare: Uint8Array<ArrayBuffer> | undefined;

  /**
   * @param limit of a frame's content that may come now, in bytes: nothing longer is allocated.
   * @param take hears each frame before anything of the next is read.
   */
  constructor(
    private readonly limit: (kind: number) => number,
    private readonly take: (frame: Frame) => void,
  ) {}

  /** Reads bytes as they come. @throws FrameTooLong */
  push(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0 || this.#isComplete();) {
      if (this.#isComplete()) this.take(this.#whole());
      else rest = this.#fill(rest);
    }
  }

  /**
   * Takes the memory of a frame back, for one as long: the system gives new memory page by page, which takes longer than
   * to fill it. @param content that nobody reads any more.
   */
  reuse(content: Uint8Array<ArrayBuffer>): void {
    this.#spare = content;
  }

  #isComplete(): boolean {
    return this.#content !== undefined && this.#read === HEAD + this.#content.length;
  }

  #whole(): Frame {
    const frame = { kind: this.#head[0], content: this.#content ?? new Uint8Array() };
    this.#content = undefined;
    this.#read = 0;
    return frame;
  }

  /** @returns the bytes that are left. */
  #fill(bytes: Uint8Array): Uint8Array {
    const [into, at] = this.#content ? [this.#content, this.#read - HEAD] : [this.#head, this.#read];
    const count = Math.min(bytes.length, into.length - at);
    into.set(bytes.subarray(0, count), at);
    this.#read += count;
    if (!this.#content && this.#read === HEAD) this.#allocate();
    return bytes.subarray(count);
  }

  #allocate(): void {
    const length = new DataView(this.#head.buffer).getUint32(1, true);
    const limit = this.limit(this.#head[0]);
    if (length > limit) throw new FrameTooLong(`a frame of ${length} bytes came where ${limit} may come`);
    if (this.#spare?.byteLength === length) {
      this.#content = this.#spare;
      this.#spare = undefined;
    } else this.#content = new Uint8Array(length);
  }
}
