import type { Encoding } from '../options/choices.js';
import { UserError } from '../errors.js';
import { BYTE_ORDER_MARK } from './code-points.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The symbol that stands for all rare ones: U+FFFD, Unicode's own for what cannot be shown. */
export const SUBSTITUTE = 0xfffd;

/**
 * The distinct symbols of a text and their indices. Symbols are code points (or byte values), sorted, so that the
 * same text gives the same indices on every machine; the order travels with the weights.
 */
export class Vocabulary {
  readonly #indices: Map<number, number>;
  /** By index, what has been asked for. */
  readonly #bytes: Uint8Array[] = [];
  /** Index of the substitute, where it stands for every symbol that is not here. */
  readonly #substitute: number | undefined;

  /** @param substitutes whether `SUBSTITUTE`, if it is among the symbols, stands for every other one that is not. */
  constructor(
    /** Code point or byte value of each index. */
    readonly symbols: readonly number[],
    readonly encoding: Encoding,
    substitutes = false,
  ) {
    this.#indices = new Map(symbols.map((symbol, index) => [symbol, index]));
    this.#substitute = substitutes ? this.#indices.get(SUBSTITUTE) : undefined;
  }

  /** V, the number of symbols. */
  get size(): number {
    return this.symbols.length;
  }

  /** The index of a symbol or of its substitute, or undefined where the vocabulary has neither. */
  indexOf(symbol: number): number | undefined {
    return this.#indices.get(symbol) ?? this.#substitute;
  }

  /**
   * The indices of a text's symbols. A vocabulary of bytes takes any; to one of characters, bytes must be UTF-8.
   * @throws UserError naming the first symbol that the vocabulary lacks, and its position.
   */
  encode(text: string | Uint8Array): Int32Array {
    return Int32Array.from(this.symbolsOf(text), (symbol, position) => {
      const index = this.indexOf(symbol);
      if (index === undefined) {
        throw new UserError(
          `the text's symbol ${describeSymbol(symbol, this.encoding)} at position ${position} is not in the model's ` +
            `vocabulary of ${this.size} symbols; leave it out or train on a text that has it`,
        );
      }
      return index;
    });
  }

  /** The code points of a text, or its bytes, known to the vocabulary or not. */
  symbolsOf(text: string | Uint8Array): Iterable<number> {
    return this.encoding === 'bytes' ? bytesOf(text) : codePointsOf(text);
  }

  /** The bytes that an index stands for in a text, not to be changed: UTF-8 of the code point, or the byte. */
  bytesOf(index: number): Uint8Array {
    const symbol = this.symbols[index] ?? 0;
    const encode = () =>
      this.encoding === 'bytes' ? Uint8Array.of(symbol) : encoder.encode(String.fromCodePoint(symbol));
    return (this.#bytes[index] ??= encode());
  }

  /** The text that indices stand for; bytes that are not UTF-8 show as U+FFFD. */
  decode(indices: Iterable<number>): string {
    const pieces = Array.from(indices, (index) => this.bytesOf(index));
    const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return decoder.decode(bytes);
  }
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? encoder.encode(text) : text;
}

function codePointsOf(text: string | Uint8Array): number[] {
  const characters = typeof text === 'string' ? text : decoder.decode(text);
  return Array.from(characters, (character) => character.codePointAt(0) ?? 0);
}

/** A symbol as an error message shows it: "ä" (U+00E4) or byte 0xE4. */
export function describeSymbol(symbol: number, encoding: Encoding): string {
  const hex = symbol.toString(16).toUpperCase();
  if (encoding === 'bytes') return `byte 0x${hex.padStart(2, '0')}`;
  const name = symbol === BYTE_ORDER_MARK ? ', byte order mark' : '';
  return `${JSON.stringify(String.fromCodePoint(symbol))} (U+${hex.padStart(4, '0')}${name})`;
}
