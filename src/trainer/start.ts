import type { SymbolSource } from '../corpus/symbols.js';
import type { ReadableModel } from '../model/trainable-model.js';
import { Random } from '../sampling/random.js';
import { readStretches } from './text-reading.js';

// Some trained nets have a second attractor: from some hidden states, zeros often among them, they never come back to
// those that they were trained in, and predict thousands of symbols badly. So no single start may be trusted, neither
// zeros nor the state that training carried: several are tried on the text itself.

/** Predictions at the start of a text that candidates are judged by. */
const JUDGED = 500;

/** Training streams whose carried states are candidates, at most. */
export const CARRIED = 8;

/** Candidates beside those and zeros: corners of the cube [-0.9, 0.9]^H, always the same. */
const CORNERS = 15;
const CORNER = 0.9;
const CORNER_SEED = 0;

/** Predictions that choosing a start takes, at most. */
export const TRIED = (CARRIED + 1 + CORNERS) * JUDGED;

/** A hidden state to read a text from. */
export interface Start {
  /** (H), before the first symbol. */
  readonly first: Float32Array;
  /** (H), the same stream's state after the symbols that it was judged by: where to start in the midst of the text. */
  readonly settled: Float32Array;
}

/**
 * Where to start reading a text: of the states that training carried in its first streams, zeros, and fixed corners, the
 * one that predicts the text's first 500 symbols best. So an evaluation depends on the weights and the text, and hardly
 * on the step at which training stopped.
 */
export async function chooseStart(model: ReadableModel, source: SymbolSource, signal?: AbortSignal): Promise<Start> {
  const { hiddenSize: H } = model.config;
  const candidates = candidatesOf(await model.readHidden(), H);
  const count = candidates.length / H;
  const end = Math.min(JUDGED, source.length - 1);
  const stretches = Array.from({ length: count }, () => ({ from: 0, end }));
  const { totals, hidden } = await readStretches(model, source, candidates, stretches, { signal });
  let best = 0;
  for (let i = 1; i < count; i++) if (totals[i] < totals[best]) best = i;
  const row = (states: Float32Array) => states.slice(best * H, (best + 1) * H);
  return { first: row(candidates), settled: row(hidden) };
}

/** The candidates, one below the other, (C, H). */
function candidatesOf(carried: Float32Array, H: number): Float32Array {
  const own = carried.subarray(0, CARRIED * H);
  const candidates = new Float32Array(own.length + (1 + CORNERS) * H);
  candidates.set(own);
  const random = new Random(CORNER_SEED);
  for (let i = own.length + H; i < candidates.length; i++) candidates[i] = random.uniform() < 0.5 ? -CORNER : CORNER;
  return candidates;
}

/** Symbols that starts are compared over; the second half counts. */
const COMPARED = 2000;

/**
 * Nats a symbol by which a worse start, the state that training carried or zeros, would predict a text worse than the
 * chosen one, over its symbols 1,001 to 2,000; undefined for a shorter text, which tells too little.
 */
export async function startGap(
  model: ReadableModel,
  source: SymbolSource,
  { first }: Start,
): Promise<number | undefined> {
  if (source.length <= COMPARED) return undefined;
  const H = first.length;
  const hidden = new Float32Array(3 * H);
  hidden.set(first);
  hidden.set((await model.readHidden()).subarray(0, H), H);
  const stretches = Array.from({ length: 3 }, () => ({ from: 0, end: COMPARED }));
  const { totals } = await readStretches(model, source, hidden, stretches, { uncounted: COMPARED / 2 });
  return (Math.max(totals[1], totals[2]) - totals[0]) / (COMPARED / 2);
}

/** Symbols that each place reads before those that count, and those that count. */
const RUN_IN = 200;
const COUNTED = 200;

/** Part of the loss of guessing all symbols alike above which a start is bad: 3.5 nats at 65 symbols. */
const BAD = 0.84;

/** How many starts are bad: so many symbols later the model still predicts little better than by guessing. */
export interface BadStarts {
  places: number;
  fromZeros: number;
  fromCarried: number;
}

/**
 * Starts a model at places spread over a text, from zeros and from the first stream's carried state, and counts those
 * from which it predicts badly after a run-in of 200 symbols. Undefined for a text of fewer than 401 symbols.
 */
export async function countBadStarts(
  model: ReadableModel,
  source: SymbolSource,
  most = 200,
): Promise<BadStarts | undefined> {
  const room = source.length - 1 - RUN_IN - COUNTED;
  if (room < 0) return undefined;
  const { hiddenSize: H, vocabularySize: V } = model.config;
  const places = Math.min(most, room + 1);
  const stretches = Array.from({ length: places }, (_, i) => {
    const from = Math.floor((i * room) / Math.max(1, places - 1));
    return { from, end: from + RUN_IN + COUNTED };
  });
  const count = async (hidden: Float32Array) => {
    const { totals } = await readStretches(model, source, hidden, stretches, { uncounted: RUN_IN });
    return totals.filter((nats) => nats / COUNTED > BAD * Math.log(V)).length;
  };
  const carried = (await model.readHidden()).subarray(0, H);
  const repeated = Float32Array.from({ length: places * H }, (_, i) => carried[i % H]);
  return { places, fromZeros: await count(new Float32Array(places * H)), fromCarried: await count(repeated) };
}
