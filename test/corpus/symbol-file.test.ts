import { fstatSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FileSymbols, type SymbolFile, SymbolFileWriter } from '../../src/corpus/symbol-file.js';
import { UserError } from '../../src/errors.js';
import { scratchFolder } from '../scratch-folder.js';

const COUNT = 20_000;

/** A file with as many symbols of a byte: 0, 1, ..., 249, 0, 1, ... */
function written(): SymbolFile {
  const writer = new SymbolFileWriter(join(scratchFolder(), 'symbols'));
  writer.writeBytes(Buffer.from('before'));
  writer.write(Uint8Array.from({ length: COUNT }, (_, i) => i % 250));
  return writer.reading();
}

const same = (size: number) => Int32Array.from({ length: size }, (_, i) => i);

describe('symbols in a file', () => {
  it('are as many segments as there are widths, however many pieces they come in', () => {
    const writer = new SymbolFileWriter(join(scratchFolder(), 'symbols'));
    onTestFinished(() => writer.discard());
    for (const piece of [Uint8Array.of(1, 2), Uint8Array.of(3), Uint16Array.of(300), Uint16Array.of(4, 5)])
      writer.write(piece);
    expect(writer.segments).toEqual([
      { width: 1, start: 0, offset: 0 },
      { width: 2, start: 3, offset: 3 },
    ]);
  });

  it('are closed with it', () => {
    const file = written();
    expect(fstatSync(file.fd).size).toBe(6 + COUNT);
    expect(file.bytes).toBe(6 + COUNT);
    file.close();
    expect(() => fstatSync(file.fd)).toThrow(/EBADF/);
  });

  it.each([
    [250, 12, 12],
    [300, 13, 6],
    [70_000, 13, 3],
    [300, 1, 1],
    [250, 1_000_000, 4096],
  ])('of a vocabulary of %i are read in blocks of at most %i bytes: %i symbols at first', (size, bytes, symbols) => {
    const file = written();
    onTestFinished(() => file.close());
    const cursor = new FileSymbols(file, same(size), size).cursor(bytes);
    expect(cursor.seek(3, 1)).toBe(0);
    expect(cursor.symbols).toHaveLength(symbols);
    expect([...cursor.symbols]).toEqual(Array.from({ length: symbols }, (_, i) => (3 + i) % 250));
  });

  it('are those from the start of a part to its end', () => {
    const file = written();
    onTestFinished(() => file.close());
    const part = new FileSymbols(file, same(250), 250).part(10, 300).part(5, 9);
    const cursor = part.cursor(100);
    expect([part.length, cursor.seek(0, 4)]).toEqual([4, 0]);
    expect([...cursor.symbols]).toEqual([15, 16, 17, 18]);
  });

  it('are refused where the vocabulary does not have them', () => {
    const file = written();
    onTestFinished(() => file.close());
    const cursor = new FileSymbols(file, same(249), 249).cursor(100);
    expect(() => cursor.seek(240, 1)).toThrow(UserError);
    expect(() => cursor.seek(240, 1)).toThrow(/must stay as it was written, but its file holds symbols that/);
  });
});
