/** One index a symbol, in the narrowest array that holds the vocabulary. */
export type SymbolArray = Uint8Array | Uint16Array | Int32Array;

/** Bytes a symbol. */
export type SymbolWidth = 1 | 2 | 4;

/** The bytes that an index into so many symbols needs. */
export function widthFor(vocabularySize: number): SymbolWidth {
  if (vocabularySize <= 0x100) return 1;
  return vocabularySize <= 0x10000 ? 2 : 4;
}

/** An array for `length` symbols of a width. */
export function symbolArray(length: number, width: SymbolWidth): SymbolArray {
  if (width === 1) return new Uint8Array(length);
  return width === 2 ? new Uint16Array(length) : new Int32Array(length);
}

/** A text as vocabulary indices, wherever it lies: in memory or in a file larger than memory. */
export interface SymbolSource {
  /** Number of symbols. */
  readonly length: number;
  /** The symbols from `start` to `end` - 1 as a source of their own; without `end` to the last. */
  part(start: number, end?: number): SymbolSource;
  /** A place to read from; keeps at most about `bytes` of the text in memory, unless it is there anyway. */
  cursor(bytes: number): SymbolCursor;
}

/** Reads a source, best from left to right. */
export interface SymbolCursor {
  /** The part of the text that is in memory; may be another array after `seek`. */
  readonly symbols: SymbolArray;
  /** Loads symbols `start` to `start + count - 1` into memory. @returns the index in `symbols` of the first. */
  seek(start: number, count: number): number;
}

/** A source for what may lie in memory already. */
export function sourceOf(symbols: SymbolSource | SymbolArray): SymbolSource {
  return 'cursor' in symbols ? symbols : new MemorySymbols(symbols);
}

class MemorySymbols implements SymbolSource, SymbolCursor {
  constructor(readonly symbols: SymbolArray) {}

  get length(): number {
    return this.symbols.length;
  }

  part(start: number, end?: number): SymbolSource {
    return new MemorySymbols(this.symbols.subarray(start, end));
  }

  cursor(): SymbolCursor {
    return this;
  }

  seek(start: number): number {
    return start;
  }
}
