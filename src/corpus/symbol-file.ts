import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { UserError } from '../errors.js';
import { programName } from '../system/invocation.js';
import {
  type SymbolArray,
  symbolArray,
  type SymbolCursor,
  type SymbolSource,
  type SymbolWidth,
  widthFor,
} from './symbols.js';

/** A run of symbols of one width in a file. Widths rise as more different symbols turn up, so there are at most three. */
export interface Segment {
  readonly width: SymbolWidth;
  /** Number of its first symbol, and where in the file that lies. */
  readonly start: number;
  readonly offset: number;
}

/** Bytes read from the file at once; symbols take 1 to 4 of them. */
const READ_BYTES = 1 << 18;

/** Symbols in a file, as indices in the order of first sight. It stays readable when its name is removed. */
export class SymbolFile {
  readonly #bytes = new Uint8Array(READ_BYTES);

  constructor(
    readonly fd: number,
    readonly length: number,
    readonly segments: readonly Segment[],
  ) {}

  /** Writes `map` of symbols `start` to `start + count - 1` to the front of `into`. @throws UserError for a cut-off file. */
  read(start: number, count: number, map: Int32Array, into: SymbolArray): void {
    const end = start + count;
    this.segments.forEach(({ width, start: first, offset }, i) => {
      const next = Math.min(end, this.segments[i + 1]?.start ?? this.length);
      for (let at = Math.max(start, first); at < next;) {
        const size = Math.min(next - at, READ_BYTES / width);
        const raw = this.#load(offset + (at - first) * width, size, width);
        translate(raw, map, into, at - start);
        at += size;
      }
    });
  }

  /** Bytes that the symbols take. */
  get bytes(): number {
    const last = this.segments.at(-1);
    return last ? last.offset + (this.length - last.start) * last.width : 0;
  }

  /** Closes the file; nothing can be read after. */
  close(): void {
    closeSync(this.fd);
  }

  #load(position: number, count: number, width: SymbolWidth): SymbolArray {
    const wanted = count * width;
    for (let done = 0; done < wanted;) {
      const read = readSync(this.fd, this.#bytes, done, wanted - done, position + done);
      if (read === 0) throw damaged('is shorter than it was');
      done += read;
    }
    const { buffer } = this.#bytes;
    if (width === 1) return this.#bytes.subarray(0, count);
    return width === 2 ? new Uint16Array(buffer, 0, count) : new Int32Array(buffer, 0, count);
  }
}

function translate(raw: SymbolArray, map: Int32Array, into: SymbolArray, at: number): void {
  let known = 0;
  for (let i = 0; i < raw.length; i++) {
    const symbol = map[raw[i]] ?? -1;
    known |= symbol;
    into[at + i] = symbol;
  }
  if (known < 0) throw damaged('holds symbols that the text does not have');
}

function damaged(what: string): UserError {
  return new UserError(
    `the encoded text must stay as it was written, but its file ${what}; run ${programName()} cache clear and start again`,
  );
}

/** Part of a symbol file, translated to a vocabulary. */
export class FileSymbols implements SymbolSource {
  readonly #map: Int32Array;
  readonly length: number;

  /** @param map vocabulary index of each symbol of the file; @param vocabularySize decides the width of what is read. */
  constructor(
    private readonly file: SymbolFile,
    map: Int32Array,
    private readonly vocabularySize: number,
    private readonly start = 0,
    end = file.length,
  ) {
    this.#map = map;
    this.length = end - start;
  }

  part(start: number, end = this.length): SymbolSource {
    return new FileSymbols(this.file, this.#map, this.vocabularySize, this.start + start, this.start + end);
  }

  cursor(bytes: number): SymbolCursor {
    const width = widthFor(this.vocabularySize);
    const read = (start: number, count: number, into: SymbolArray) =>
      this.file.read(this.start + start, count, this.#map, into);
    return new BlockCursor(read, this.length, width, Math.max(1, Math.floor(bytes / width)));
  }
}

/** Symbols that a cursor reads first: the first step must not wait for every stream's whole block. */
const FIRST_BLOCK = 4096;

/** Reads ahead more and more, up to a block. */
class BlockCursor implements SymbolCursor {
  symbols: SymbolArray;
  /** Symbols to read next time. */
  #ahead: number;
  #start = 0;
  #end = 0;

  constructor(
    private readonly read: (start: number, count: number, into: SymbolArray) => void,
    private readonly length: number,
    private readonly width: SymbolWidth,
    private readonly blockSize: number,
  ) {
    this.symbols = symbolArray(0, width);
    this.#ahead = Math.min(FIRST_BLOCK, blockSize);
  }

  seek(start: number, count: number): number {
    if (start < this.#start || start + count > this.#end) this.#load(start, count);
    return start - this.#start;
  }

  #load(start: number, count: number): void {
    const most = Math.min(Math.max(count, this.#ahead), this.length);
    this.#ahead = Math.min(2 * this.#ahead, this.blockSize);
    if (most > this.symbols.length) this.symbols = symbolArray(most, this.width);
    const size = Math.min(most, this.length - start);
    // Nothing counts as read if the reading fails.
    this.#start = this.#end = start;
    this.read(start, size, this.symbols);
    this.#end = start + size;
  }
}

/** Writes symbols to a new file; the caller says what to do with it when it is whole. */
export class SymbolFileWriter {
  readonly segments: Segment[] = [];
  readonly fd: number;
  length = 0;
  #position = 0;

  /** Creates `path`, which must not be there yet, for this user alone. @throws the system's error. */
  constructor(readonly path: string) {
    this.fd = openSync(path, 'wx+', 0o600);
  }

  /** Adds bytes that are no symbols. @throws the system's error. */
  writeBytes(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;)
      done += writeSync(this.fd, bytes, done, bytes.length - done, this.#position + done);
    this.#position += bytes.length;
  }

  /** Adds symbols, at least as wide as those before. @throws the system's error. */
  write(symbols: SymbolArray): void {
    const width = symbols.BYTES_PER_ELEMENT as SymbolWidth;
    if (width !== this.segments.at(-1)?.width)
      this.segments.push({ width, start: this.length, offset: this.#position });
    this.writeBytes(new Uint8Array(symbols.buffer, symbols.byteOffset, symbols.byteLength));
    this.length += symbols.length;
  }

  /** What was written so far, to be read through the same descriptor. */
  reading(): SymbolFile {
    return new SymbolFile(this.fd, this.length, this.segments);
  }

  /** Closes and removes the file. */
  discard(): void {
    closeSync(this.fd);
    rmSync(this.path, { force: true });
  }
}
