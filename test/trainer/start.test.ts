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
  it.each([10, 700, 25_000])('is the same from wherever training has stopped, for %i symbols', async (length) => {
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

describe('the start of an evaluation', () => {
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
