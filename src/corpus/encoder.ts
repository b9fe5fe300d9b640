import { createHash } from 'node:crypto';
import { UserError } from '../errors.js';
import { adviceFor, CONVERT, SIGNATURE_BYTES } from './foreign-format.js';
import { type SymbolArray, symbolArray, widthFor } from './symbols.js';
import { CODE_POINTS } from './code-points.js';
import { characterLength, firstInvalidByte, wholeCharacters, withoutMark } from './utf8.js';
import type { Encoding } from '../options/choices.js';

/** What reading a text once finds out about it. */
export interface TextStatistics {
  readonly encoding: Encoding;
  /** SHA-256 of all bytes but byte order marks at the start of files, in hexadecimal. */
  readonly hash: string;
  /** Number of symbols. */
  readonly length: number;
  /** The different symbols in the order of first sight; for each how often it occurs, and where first. */
  readonly symbols: readonly number[];
  readonly counts: readonly number[];
  readonly firstPositions: readonly number[];
}

/** Bytes encoded at once. */
const PIECE_BYTES = 1 << 20;

/** Called with the symbols of each piece of text, in order; the array then belongs to the receiver. */
export type Receiver = (symbols: SymbolArray) => void;

/**
 * Turns the bytes of one file or several into symbols, in blocks of any size. A byte order mark at the start of a file
 * in UTF-8 is no symbol. A symbol's index is the order of first sight, as the sorted order is known only at the end;
 * `statistics` has what is needed to translate.
 */
export class SymbolEncoder {
  readonly #hash = createHash('sha256');
  /** Index of each symbol and one more; 0 for one that has not been seen. Grows with what turns up, like the others. */
  #table = new Int32Array(0x100);
  #counts = new Float64Array(0x100);
  #codes = new Int32Array();
  readonly #symbols: number[] = [];
  readonly #firstPositions: number[] = [];
  #length = 0;
  /** Bytes of all files; then of the file that is being read, up to the character after what is encoded. */
  #bytes = 0;
  #offset = 0;
  /** The first bytes of that file. */
  #head: Uint8Array = new Uint8Array();
  /** The beginning of a character that the next block completes. */
  #carry: Uint8Array = new Uint8Array();

  constructor(
    readonly encoding: Encoding,
    private readonly receive: Receiver,
  ) {}

  /** Bytes so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Encodes the next bytes of the file `name`. @throws UserError for a byte that is not part of UTF-8. */
  write(bytes: Uint8Array, name: string): void {
    this.#bytes += bytes.length;
    const missing = SIGNATURE_BYTES - this.#head.length;
    if (missing > 0) this.#head = Buffer.concat([this.#head, bytes.subarray(0, missing)]);
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      if (this.encoding === 'bytes') this.#encode(piece);
      else this.#encodeUtf8(piece, name);
    }
  }

  /** Ends a file; the next bytes are another's. @throws UserError when it ends inside a character. */
  endFile(name: string): void {
    if (this.#carry.length > 0) this.#refuse(this.#carry[0], this.#offset, name);
    this.#offset = 0;
    this.#head = new Uint8Array();
  }

  statistics(): TextStatistics {
    return {
      encoding: this.encoding,
      hash: this.#hash.digest('hex'),
      length: this.#length,
      symbols: this.#symbols,
      counts: Array.from(this.#counts.subarray(0, this.#symbols.length)),
      firstPositions: this.#firstPositions,
    };
  }

  #encodeUtf8(piece: Uint8Array, name: string): void {
    let rest = piece;
    if (this.#carry.length > 0) {
      const missing = characterLength(this.#carry[0]) - this.#carry.length;
      const character = Buffer.concat([this.#carry, piece.subarray(0, missing)]);
      rest = piece.subarray(missing);
      this.#carry = character;
      if (wholeCharacters(character).length === 0) return;
      this.#encodeValid(character, name);
    }
    const whole = wholeCharacters(rest);
    this.#encodeValid(whole, name);
    // A copy, as the block may be filled again.
    this.#carry = rest.slice(whole.length);
  }

  #encodeValid(bytes: Uint8Array, name: string): void {
    const invalid = firstInvalidByte(bytes);
    if (invalid >= 0) this.#refuse(bytes[invalid], this.#offset + invalid, name);
    this.#encode(this.#offset === 0 ? withoutMark(bytes) : bytes);
    this.#offset += bytes.length;
  }

  #refuse(byte: number, offset: number, name: string): never {
    const hex = byte.toString(16).toUpperCase().padStart(2, '0');
    throw new UserError(
      `the corpus must be UTF-8 text, but '${name}' has an invalid byte 0x${hex} at offset ${offset}; ` +
        (adviceFor(this.#head) ?? `${CONVERT} or use --encoding bytes`),
    );
  }

  /** The hot loop: whole characters of valid UTF-8, or bytes. */
  #encode(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    if (this.#codes.length < bytes.length) this.#codes = new Int32Array(bytes.length);
    const codes = this.#codes;
    let [table, counts] = [this.#table, this.#counts];
    const multibyte = this.encoding === 'bytes' ? 0x100 : 0x80;
    let count = 0;
    for (let i = 0; i < bytes.length; i++) {
      let symbol = bytes[i];
      if (symbol >= multibyte) {
        if (symbol < 0xe0) symbol = ((symbol & 0x1f) << 6) | (bytes[++i] & 0x3f);
        else if (symbol < 0xf0) {
          symbol = ((symbol & 0x0f) << 12) | ((bytes[++i] & 0x3f) << 6) | (bytes[++i] & 0x3f);
        } else {
          symbol = ((symbol & 0x07) << 18) | ((bytes[++i] & 0x3f) << 12) | ((bytes[++i] & 0x3f) << 6);
          symbol |= bytes[++i] & 0x3f;
        }
      }
      let next = table[symbol];
      if (!next) {
        next = this.#add(symbol, this.#length + count);
        [table, counts] = [this.#table, this.#counts];
      }
      counts[next - 1]++;
      codes[count++] = next - 1;
    }
    if (count === 0) return;
    this.#length += count;
    const symbols = symbolArray(count, widthFor(this.#symbols.length));
    symbols.set(codes.subarray(0, count));
    this.receive(symbols);
  }

  /** @returns the index of a symbol that is new, and one more. */
  #add(symbol: number, position: number): number {
    if (symbol >= this.#table.length) {
      const table = new Int32Array(symbol < 0x10000 ? 0x10000 : CODE_POINTS);
      table.set(this.#table);
      this.#table = table;
    }
    if (this.#symbols.length === this.#counts.length) {
      const counts = new Float64Array(2 * this.#counts.length);
      counts.set(this.#counts);
      this.#counts = counts;
    }
    this.#firstPositions.push(position);
    return (this.#table[symbol] = this.#symbols.push(symbol));
  }
}
