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
  /** Trainer: a part of a window to compute, numbers. */
  work: 6,
  /** Worker: what it gives, numbers. */
  result: 7,
  /** Worker: it is alive, empty; once a second. */
  beat: 8,
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

  /** @param limit of a frame's content that may come now, in bytes: nothing longer is allocated. */
  constructor(private readonly limit: (kind: number) => number) {}

  /** @returns the frames that end in these bytes. @throws FrameTooLong */
  push(bytes: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    for (let rest = bytes; rest.length > 0 || this.#isComplete();) {
      if (this.#isComplete()) frames.push(this.#take());
      else rest = this.#fill(rest);
    }
    return frames;
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

  #take(): Frame {
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
    this.#content = this.#spare?.byteLength === length ? this.#spare : new Uint8Array(length);
    this.#spare = undefined;
  }
}
