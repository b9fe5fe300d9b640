import { describe, expect, it } from 'vitest';
import { loadPure } from '../../src/backends/pure.js';
import { sourceOf } from '../../src/corpus/symbols.js';
import { perParameter } from '../../src/model/parameters.js';
import type { TrainableModel } from '../../src/model/trainable-model.js';
import { evaluate } from '../../src/trainer/evaluate.js';
import { chooseStart, countBadStarts, startGap } from '../../src/trainer/start.js';
import { lossByHand } from './loss-by-hand.js';
import { eventsOf, smallRun, textOf, trainerOf } from './runs.js';

/** The text "aaa...": symbol 0 of two. */
const text = (length: number) => new Uint8Array(length);

/**
 * A net with two attractors: its one unit holds the sign that it has, whatever it reads. Positive, it predicts the text
 * with 0.0004 nats a symbol; negative, with 8. From zero it falls to the negative side.
 */
async function latch(hidden: number, batchSize = 1): Promise<TrainableModel> {
  const runtime = await loadPure();
  const config = { hiddenSize: 1, vocabularySize: 2, seqLength: 1, batchSize, gradClip: 0 };
  const parameters = {
    Wxh: Float32Array.of(0, 0),
    Whh: Float32Array.of(3),
    Why: Float32Array.of(4, -4),
    bh: Float32Array.of(-0.2),
    by: Float32Array.of(0, 0),
  };
  const memories = perParameter((name) => new Float32Array(parameters[name].length));
  return runtime.createModel(config, { parameters, memories, hidden: new Float32Array(batchSize).fill(hidden) });
}

describe('an evaluation of a net with a second attractor', () => {
  it.each([2, 10, 700, 25_000])('is the same from wherever training has stopped, for %i symbols', async (length) => {
    const losses = [];
    for (const hidden of [0.99, -0.99, 0]) losses.push((await evaluate(await latch(hidden), text(length))).natsPerChar);
    for (const loss of losses) {
      expect(loss).toBeLessThan(0.01);
      // The first few symbols are read on the way to the attractor.
      expect(Math.abs(loss - losses[0])).toBeLessThan(0.0001);
    }
  });

  it('says by how much another start would be worse, where the text is long enough to tell', async () => {
    for (const hidden of [0.99, -0.99]) {
      const model = await latch(hidden);
      const source = sourceOf(text(3000));
      const gap = await startGap(model, source, await chooseStart(model, source));
      expect(gap).toBeGreaterThan(7.5);
      expect(gap).toBeLessThan(8.5);
    }
    const model = await latch(0.99);
    const short = sourceOf(text(2000));
    expect(await startGap(model, short, await chooseStart(model, short))).toBeUndefined();
  });

  it('counts the starts from which it predicts badly', async () => {
    expect(await countBadStarts(await latch(0.99), sourceOf(text(5000)))).toEqual({ places: 200, fromZeros: 200, fromCarried: 0 }); // prettier-ignore
    expect(await countBadStarts(await latch(-0.99), sourceOf(text(410)))).toEqual({ places: 10, fromZeros: 10, fromCarried: 10 }); // prettier-ignore
    expect(await countBadStarts(await latch(0.99), sourceOf(text(400)))).toBeUndefined();
  });
});

/** A model of the text 0, 1, 2, ... that writes down what it reads first in each stream, and what counts. */
function reader(losses: (streams: number) => Float32Array) {
  const firsts: number[][] = [];
  const counted: number[][] = [];
  const model = {
    config: { hiddenSize: 1, vocabularySize: 65 },
    readHidden: () => Promise.resolve(new Float32Array(1)),
    evaluator: (hidden: Float32Array) => {
      const streams = hidden.length;
      const mine: number[] = [];
      counted.push(mine);
      let isFirst = true;
      return {
        add(inputs: Int32Array, targets: Int32Array, weights: Float32Array) {
          if (isFirst) firsts.push([...inputs.subarray(0, streams)]);
          isFirst = false;
          weights.forEach((weight, i) => weight === 1 && i % streams === 0 && mine.push(targets[i]));
        },
        totals: () => Promise.resolve(losses(streams)),
        hidden: () => Promise.resolve(hidden),
        dispose() {},
      };
    },
  };
  return { model: model as unknown as TrainableModel, firsts, counted };
}

const positions = (length: number) => sourceOf(Int32Array.from({ length }, (_, i) => i));

describe('starts at places of a text', () => {
  it.each([
    [401, 11, [0]],
    [402, 11, [0, 1]],
    [1401, 11, [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]],
    [1401, 1, [0]],
  ])('are spread from its beginning to its end: %i symbols, %i at most', async (length, most, expected) => {
    const { model, firsts, counted } = reader((streams) => new Float32Array(streams));
    const found = await countBadStarts(model, positions(length), most);
    expect(found).toEqual({ places: expected.length, fromZeros: 0, fromCarried: 0 });
    expect(firsts).toEqual([expected, expected]);
    // Of the first place: 200 symbols after a run-in of 200.
    const after = Array.from({ length: 200 }, (_, i) => 201 + i);
    expect(counted).toEqual([after, after]);
  });

  it('are bad from 0.84 of the loss of a guess on', async () => {
    const guess = 200 * Math.log(65);
    const { model } = reader(() => Float32Array.of(0.839 * guess, 0.841 * guess));
    expect(await countBadStarts(model, positions(1401), 2)).toEqual({ places: 2, fromZeros: 1, fromCarried: 1 });
  });
});

describe('the gap between starts', () => {
  it('is that of the worst to the chosen one, over symbols 1,001 to 2,000', async () => {
    const { model, firsts, counted } = reader(() => Float32Array.of(100, 350, 600));
    const start = { first: new Float32Array(1), settled: new Float32Array(1) };
    expect(await startGap(model, positions(2001), start)).toBeCloseTo(0.5, 12);
    expect(firsts).toEqual([[0, 0, 0]]);
    expect(counted).toEqual([Array.from({ length: 1000 }, (_, i) => 1001 + i)]);
    expect(await startGap(model, positions(2000), start)).toBeUndefined();
  });
});

describe('the start of an evaluation', () => {
  it('is judged by the first 500 symbols after the first, and no others', async () => {
    for (const length of [2, 501, 502, 900]) {
      const { model, counted } = reader((streams) => new Float32Array(streams));
      await chooseStart(model, positions(length));
      expect(counted).toEqual([Array.from({ length: Math.min(500, length - 1) }, (_, i) => 1 + i)]);
    }
  });

  it('is one of the states of 8 training streams, zeros, and 15 corners', async () => {
    const carried = Float32Array.from({ length: 10 }, (_, i) => 0.01 * (i + 1));
    let chosen = 0;
    const { model } = reader((streams) => Float32Array.from({ length: streams }, (_, i) => (i === chosen ? 1 : 2)));
    const starts: number[] = [];
    Object.assign(model, { readHidden: () => Promise.resolve(carried) });
    for (; chosen < 24; chosen++) starts.push((await chooseStart(model, positions(10))).first[0]);
    expect(starts.slice(0, 8)).toEqual([...carried.subarray(0, 8)]);
    expect(starts[8]).toBe(0);
    expect(new Set(starts.slice(9))).toEqual(new Set([Math.fround(-0.9), Math.fround(0.9)]));
    expect(starts).toHaveLength(24);
  });

  it('predicts the beginning no worse than zeros and every carried state, and settles where it leads', async () => {
    const trainer = trainerOf(await loadPure(), smallRun({ steps: 150, batchSize: 3 }));
    await eventsOf(trainer);
    const { model } = trainer.parts;
    const { symbols } = textOf(900, 5);
    const { first, settled } = await chooseStart(model, sourceOf(symbols));
    const judged = symbols.subarray(0, 501);
    const H = model.config.hiddenSize;
    const hidden = await model.readHidden();
    const others = [0, 1, 2].map((stream) => hidden.subarray(stream * H, (stream + 1) * H));
    const best = await lossByHand(model, judged, first);
    for (const other of [...others, new Float32Array(H)]) {
      expect(best).toBeLessThanOrEqual((await lossByHand(model, judged, other)) + 1e-3);
    }
    const rest = symbols.subarray(500);
    const whole = await lossByHand(model, symbols, first);
    expect((await lossByHand(model, rest, settled)) + best).toBeCloseTo(whole, 3);
    // A model of several units and streams that starts well everywhere.
    expect(await countBadStarts(model, sourceOf(symbols))).toEqual({ places: 200, fromZeros: 0, fromCarried: 0 });
  });

  it('changes nothing that training continues with', async () => {
    const model = await latch(-0.5, 3);
    await evaluate(model, text(700));
    expect([...(await model.readHidden())]).toEqual([-0.5, -0.5, -0.5]);
  });
});
