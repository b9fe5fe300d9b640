import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Sink } from '../../../src/cli/display/sink.js';

/** What a sink writes of batches, each flushed by itself, to a terminal or a pipe. */
async function written(batches: readonly (string | Uint8Array)[], isTTY: boolean): Promise<string> {
  const out = Object.assign(new PassThrough(), { isTTY });
  const sink = new Sink(out as unknown as NodeJS.WriteStream);
  for (const batch of batches) {
    await sink.write(Buffer.from(batch));
    await sink.flush();
  }
  await sink.end();
  out.end();
  return Buffer.concat(await out.toArray()).toString('latin1');
}

const shown = async (...batches: (string | Uint8Array)[]) =>
  Buffer.from(await written(batches, true), 'latin1').toString();

describe('generated text on a terminal', () => {
  it('has its lines ended by \\r\\n as by \\n, also where a batch ends between them', async () => {
    expect(await shown('a\r\nb\nc')).toBe('a\nb\nc\n');
    expect(await shown('a\r', '\nb\r', '\n')).toBe('a\nb\n\n');
    expect(await shown('\r', '\r', '\n')).toBe('\\x0d\n\n');
  });

  it('shows a carriage return alone by its code, also at a batch’s end and at the very end', async () => {
    expect(await shown('a\rb\r', 'c\r')).toBe('a\\x0db\\x0dc\\x0d\n');
  });

  it('shows what would turn it around by its code', async () => {
    expect(await shown('a\u202eb\u2066c')).toBe('a\\u{202e}b\\u{2066}c\n');
  });

  it('shows a character that two batches share, and one that never ends as U+FFFD', async () => {
    const [euro] = [Buffer.from('€')];
    expect(await shown(euro.subarray(0, 2), euro.subarray(2))).toBe('€\n');
    expect(await shown('a', euro.subarray(0, 2))).toBe('a\ufffd\n');
  });
});

it('generated text in a file or a pipe has every byte as it is, and no more', async () => {
  const all = Buffer.concat([Buffer.from(Array.from({ length: 0x100 }, (_, i) => i)), Buffer.from('\r\n\u202e\r')]);
  expect(await written([all.subarray(0, 14), all.subarray(14)], false)).toBe(all.toString('latin1'));
});
