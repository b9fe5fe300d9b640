import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Streams } from '../../src/corpus/streams.js';
import { UserError } from '../../src/errors.js';

/** 0, 1, 2, ...: every symbol says where it stood. */
const counting = (length: number) => Int32Array.from({ length }, (_, i) => i);

interface Window {
  startsOver: boolean;
  inputs: number[];
  targets: number[];
}

/** The loop of the minimal program, word for word. */
function classicLoop(data: Int32Array, T: number, steps: number): Window[] {
  const windows: Window[] = [];
  let n = 0;
  let p = 0;
  while (n < steps) {
    const startsOver = p + T + 1 >= data.length || n === 0;
    if (startsOver) p = 0;
    windows.push({ startsOver, inputs: [...data.slice(p, p + T)], targets: [...data.slice(p + 1, p + T + 1)] });
    p += T;
    n += 1;
  }
  return windows;
}

function windowsOf(streams: Streams, steps: number): Window[] {
  return Array.from({ length: steps }, (_, step) => {
    const { inputs, targets } = filled(streams, step, 1);
    return { startsOver: step % streams.windowsPerEpoch === 0, inputs, targets };
  });
}

function filled(streams: Streams, step: number, count: number): { inputs: number[]; targets: number[] } {
  const inputs = new Int32Array(count * streams.seqLength * streams.batchSize).fill(-1);
  const targets = inputs.slice();
  streams.fill(step, count, inputs, targets);
  return { inputs: [...inputs], targets: [...targets] };
}

describe('one stream', () => {
  it('is the loop of the minimal program, for every length of text and window', () => {
    for (let T = 1; T <= 7; T++) {
      for (let length = T + 2; length < 5 * T + 4; length++) {
        const data = counting(length);
        const streams = new Streams(data, 1, T, 'text');
        expect(windowsOf(streams, 12), `T ${T}, ${length} symbols`).toEqual(classicLoop(data, T, 12));
      }
    }
  });

  it('has its positions at multiples of T', () => {
    const streams = new Streams(counting(25), 1, 5, 'text');
    expect(streams.windowsPerEpoch).toBe(4);
    expect([0, 1, 3, 4, 9].map((step) => streams.positionOf(step))).toEqual([0, 5, 15, 0, 5]);
  });
});

describe('several streams', () => {
  const size = fc.record({ B: fc.integer({ min: 1, max: 5 }), T: fc.integer({ min: 1, max: 6 }), extra: fc.nat(40) });

  it('are the contiguous parts of the text, each read as if it were alone', () => {
    fc.assert(
      fc.property(size, ({ B, T, extra }) => {
        const data = counting(B * (T + 2) + extra);
        const streams = new Streams(data, B, T, 'text');
        const length = Math.floor(data.length / B);
        for (let step = 0; step < streams.windowsPerEpoch + 1; step++) {
          const together = filled(streams, step, 1);
          for (let b = 0; b < B; b++) {
            const alone = new Streams(data.slice(b * length, (b + 1) * length), 1, T, 'part');
            const column = (values: number[]) => values.filter((_, i) => i % B === b);
            const expected = filled(alone, step, 1);
            expect(column(together.inputs)).toEqual(expected.inputs);
            expect(column(together.targets)).toEqual(expected.targets);
          }
        }
      }),
    );
  });

  it('lie time-major: at each time the symbols of all streams side by side', () => {
    const streams = new Streams(counting(31), 3, 4, 'text');
    expect(streams.streamLength).toBe(10);
    const { inputs, targets } = filled(streams, 1, 1);
    expect(inputs).toEqual([4, 14, 24, 5, 15, 25, 6, 16, 26, 7, 17, 27]);
    expect(targets).toEqual(inputs.map((symbol) => symbol + 1));
  });

  it('fill several windows as one after another', () => {
    const streams = new Streams(counting(100), 2, 4, 'text');
    const together = filled(streams, 3, 4);
    const single = [3, 4, 5, 6].map((step) => filled(streams, step, 1));
    expect(together.inputs).toEqual(single.flatMap(({ inputs }) => inputs));
    expect(together.targets).toEqual(single.flatMap(({ targets }) => targets));
  });

  it('never read past the end of a text', () => {
    fc.assert(
      fc.property(size, ({ B, T, extra }) => {
        const streams = new Streams(counting(B * (T + 2) + extra).fill(1), B, T, 'text');
        const { inputs, targets } = filled(streams, 0, streams.windowsPerEpoch);
        expect([...inputs, ...targets].every((symbol) => symbol === 1)).toBe(true);
      }),
    );
  });
});

describe('a text that is too short', () => {
  it('has T + 1 symbols or fewer in a stream', () => {
    expect(() => new Streams(counting(27), 1, 25, 'a.txt')).not.toThrow();
    expect(() => new Streams(counting(26), 1, 25, 'a.txt')).toThrow(UserError);
    expect(() => new Streams(counting(26), 1, 25, 'a.txt')).toThrow(
      "the text must have more than 26 symbols (--seq-length + 1), but 'a.txt' has 26; " +
        'use a longer text or a smaller --seq-length',
    );
  });

  it('may be too short only for so many streams', () => {
    expect(() => new Streams(counting(28), 4, 5, 'a.txt')).not.toThrow();
    expect(() => new Streams(counting(27), 4, 5, 'a.txt')).toThrow(
      /more than 6 symbols \(--seq-length \+ 1\) in each of 4 streams, but 'a\.txt' has 27; .* or --batch-size$/,
    );
  });
});
