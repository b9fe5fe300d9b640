import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Frame, FrameReader, FrameTooLong, headOf } from '../../src/cluster/frames.js';

const frame = fc.record({ kind: fc.integer({ min: 0, max: 255 }), content: fc.uint8Array({ maxLength: 40 }) });

/** A reader, and the frames that it has read. */
function reading(limit: (kind: number) => number): { reader: FrameReader; read: Frame[] } {
  const read: Frame[] = [];
  return { reader: new FrameReader(limit, (each) => read.push(each)), read };
}

/** Bytes cut into pieces of these lengths, again and again. */
function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length];
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

it('puts frames together however their bytes come', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 6 }), lengths, (frames, sizes) => {
      const bytes = Buffer.concat(frames.flatMap(({ kind, content }) => [headOf(kind, content.length), content]));
      const { reader, read } = reading(() => 40);
      for (const piece of cut(bytes, sizes)) reader.push(piece);
      expect(read.map(({ kind, content }) => [kind, [...content]])).toEqual(
        frames.map(({ kind, content }) => [kind, [...content]]),
      );
    }),
  );
});

it('refuses a frame that is longer than its kind may be now, before any of its content', () => {
  const { reader, read } = reading((kind) => (kind === 6 ? 100 : 10));
  reader.push(headOf(6, 100));
  expect(read).toEqual([]);
  reader.push(new Uint8Array(100));
  expect(read).toHaveLength(1);
  expect(() => reader.push(headOf(2, 0xffffffff))).toThrow(FrameTooLong);
});

it('asks how long a frame may be after the one before was heard, also where both came at once', () => {
  const heard: number[] = [];
  const reader = new FrameReader(
    (kind) => (kind === 2 && !heard.includes(1) ? 0 : 10),
    ({ kind }) => heard.push(kind),
  );
  const bytes = Buffer.concat([headOf(1, 3), Buffer.from([1, 2, 3]), headOf(2, 1), Buffer.from([4])]);
  reader.push(bytes);
  expect(heard).toEqual([1, 2]);
});

it('reads into memory that was given back, where a frame is as long', () => {
  const { reader, read: frames } = reading(() => 10);
  const read = (...content: number[]) => {
    reader.push(Buffer.concat([headOf(1, content.length), Buffer.from(content)]));
    return frames[frames.length - 1].content;
  };
  const first = read(1, 2, 3);
  reader.reuse(first);
  expect([...read(4, 5)]).toEqual([4, 5]);
  reader.reuse(first);
  const next = read(6, 7, 8);
  expect(next.buffer).toBe(first.buffer);
  expect([...next]).toEqual([6, 7, 8]);
  expect(read(9, 9, 9).buffer).not.toBe(next.buffer);
});
