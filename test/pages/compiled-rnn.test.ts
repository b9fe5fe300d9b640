import { describe, expect, it } from 'vitest';
import { forwardModule } from '../../src/backends/wasm/simd/functions.js';
import { initialState } from '../../src/model/parameters.js';
import { MergingEvaluator } from '../../src/model/reference/merging-evaluator.js';
import { ReferenceEvaluator } from '../../src/model/reference/reference-evaluator.js';
import { ReferenceRnn } from '../../src/model/reference/rnn.js';
import { CompiledRnn } from '../../src/pages/browser/model/compiled-rnn.js';
import { Random } from '../../src/sampling/random.js';

const bytes = forwardModule();

interface Sizes {
  readonly H: number;
  readonly V: number;
  readonly B: number;
  readonly T: number;
}

/** A net of random weights and what it is to read: two windows (2, T, B) of symbols and of those that follow. */
function problem({ H, V, B, T }: Sizes) {
  const random = new Random(H + V);
  const size = { hiddenSize: H, vocabularySize: V };
  const { parameters } = initialState(size, B, 'scaled', random);
  parameters.Wxh = random.normals(H * V, 1);
  parameters.bh = random.normals(H, 0.1);
  parameters.by = random.normals(V, 1);
  const hidden = random.normals(B * H, 0.5);
  const windows = [0, 1].map(() =>
    [0, 1].map(() => Int32Array.from({ length: T * B }, () => Math.floor(V * random.uniform()))),
  );
  return { size, parameters, hidden, windows };
}

/** The largest difference of two arrays of the same length. */
function difference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  expect(one.length).toBe(other.length);
  return Array.from(one).reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0);
}

const meanOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value / values.length, 0);

describe('the compiled net', () => {
  it.each<Sizes>([
    { H: 256, V: 65, B: 1, T: 100 },
    { H: 256, V: 65, B: 24, T: 10 },
    { H: 400, V: 30, B: 1, T: 7 },
    { H: 7, V: 3, B: 3, T: 5 },
    { H: 1, V: 1, B: 1, T: 1 },
    { H: 2, V: 3000, B: 2, T: 4 },
  ])('does what the plain one does, a step and the mean loss to 1e-6: %j', (sizes) => {
    const { size, parameters, hidden, windows } = problem(sizes);
    const config = { ...size, batchSize: sizes.B, seqLength: sizes.T, gradClip: 0 };
    const plain = new ReferenceRnn(config, parameters, parameters, hidden, Float64Array);
    const compiled = new CompiledRnn(bytes, size, parameters).from(hidden, sizes.T);
    const step = (values: ArrayLike<number>, width: number) => Array.from(values).slice(0, sizes.B * width);
    for (const [inputs, targets] of windows) {
      plain.hiddens.set(compiled.hiddens.subarray(0, hidden.length));
      plain.forward(inputs, targets);
      compiled.forward(inputs, targets);
      const next = (values: ArrayLike<number>) => step(Array.from(values).slice(hidden.length), sizes.H);
      expect(difference(next(plain.hiddens), next(compiled.hiddens))).toBeLessThan(1e-6);
      expect(difference(step(plain.probabilities, sizes.V), step(compiled.probabilities, sizes.V))).toBeLessThan(1e-6);
      expect(Math.abs(meanOf(plain.rowLosses) - meanOf(compiled.rowLosses))).toBeLessThan(1e-6);
      // Sums in float32 lose some more over many steps.
      expect(difference(plain.hiddens, compiled.hiddens)).toBeLessThan(1e-5);
      expect(difference(plain.rowLosses, compiled.rowLosses)).toBeLessThan(1e-4);
      compiled.advance();
    }
  });

  it('gives a stream the same numbers in every bit, whatever streams are beside it', () => {
    const { size, parameters, hidden, windows } = problem({ H: 37, V: 11, B: 9, T: 6 });
    const [[inputs, targets]] = windows;
    const rnn = new CompiledRnn(bytes, size, parameters);
    const all = rnn.from(hidden, 6);
    all.forward(inputs, targets);
    const [hiddens, losses] = [all.hiddens.slice(), all.rowLosses.slice()];
    for (let stream = 0; stream < 9; stream++) {
      const ofStream = (symbols: Int32Array) => symbols.filter((_, row) => row % 9 === stream);
      const alone = rnn.from(hidden.slice(stream * 37, (stream + 1) * 37), 6);
      alone.forward(ofStream(inputs), ofStream(targets));
      expect(alone.hiddens).toEqual(hiddens.filter((_, i) => Math.floor(i / 37) % 9 === stream));
      expect(alone.rowLosses).toEqual(losses.filter((_, row) => row % 9 === stream));
    }
  });

  it('starts with windows of other sizes, larger ones too, on the same weights', () => {
    const { size, parameters, hidden, windows } = problem({ H: 64, V: 5, B: 2, T: 3 });
    const [[inputs, targets]] = windows;
    const rnn = new CompiledRnn(bytes, size, parameters);
    const lossesFrom = () => {
      rnn.from(hidden, 3).forward(inputs, targets);
      return rnn.rowLosses;
    };
    const first = lossesFrom();
    rnn.from(new Float32Array(64 * 500), 10).forward(new Int32Array(5000), new Int32Array(5000));
    expect(lossesFrom()).toEqual(first);
  });

  it('forgets from which of several states it started, so that they are read as one', async () => {
    const { size, parameters, hidden } = problem({ H: 24, V: 6, B: 5, T: 10 });
    parameters.Whh = parameters.Whh.map((weight) => weight / 4);
    const rnn = new CompiledRnn(bytes, size, parameters);
    const batches: number[] = [];
    const from = (states: Float32Array, seqLength: number) => {
      batches.push(states.length / 24);
      return rnn.from(states, seqLength);
    };
    const merging = new MergingEvaluator(24, from, hidden, 100);
    const each = new ReferenceEvaluator(size, parameters, hidden, 100);
    const symbols = (shift: number) => Int32Array.from({ length: 500 }, (_, row) => (Math.floor(row / 5) + shift) % 6);
    for (const evaluator of [merging, each]) evaluator.add(symbols(0), symbols(1), new Float32Array(500).fill(1));
    expect([batches[0], batches.at(-1)]).toEqual([5, 1]);
    expect(difference(await merging.totals(), await each.totals())).toBeLessThan(1e-3);
    expect(difference(await merging.hidden(), await each.hidden())).toBeLessThan(1e-5);
  });
});

it('is of a module that engines without relaxed SIMD take: it has none of its instructions', () => {
  // i32x4.relaxed_trunc to f64x2.relaxed_max: 0xfd and 0x100 to 0x113 as LEB128.
  const relaxed = bytes.findIndex((byte, i) => byte === 0xfd && bytes[i + 1] >= 0x80 && bytes[i + 2] === 0x02);
  expect(relaxed).toBe(-1);
});
