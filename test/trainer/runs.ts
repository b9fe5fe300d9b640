import type { Runtime } from '../../src/backends/runtime.js';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { type Corpus, corpusFromBytes } from '../../src/corpus/corpus.js';
import { Streams } from '../../src/corpus/streams.js';
import { initialState } from '../../src/model/parameters.js';
import { Random } from '../../src/sampling/random.js';
import type { TrainingEvent } from '../../src/trainer/events.js';
import { Trainer, type TrainerOptions } from '../../src/trainer/trainer.js';
import { DEFAULTS, type RunOptions } from '../../src/options/train-options.js';
import type { Snapshot } from '../../src/trainer/snapshot.js';

/** A run to make: the options that a checkpoint keeps, and those of this process. */
export interface Run {
  options: RunOptions;
  corpus: Corpus;
  windowsPerCall: number;
}

/** A text of `length` characters with something to learn in it: words of a few letters, drawn with a seed. */
export function textOf(length: number, seed = 1): Corpus {
  const words = ['the ', 'rain ', 'in ', 'spain ', 'falls ', 'mainly ', 'on ', 'plains.\n'];
  const random = new Random(seed);
  let text = '';
  while (text.length < length) text += words[Math.floor(random.uniform() * words.length)];
  return corpusFromBytes(Buffer.from(text.slice(0, length)), 'words', 'utf-8');
}

/** A small run; intervals are such that several windows fit between the things that are due. */
export function smallRun(options: Partial<RunOptions> = {}, corpus = textOf(1200)): Run {
  const small = { hiddenSize: 8, seqLength: 4, learningRate: 0.05, sampleLength: 12, reportEvery: 18, sampleEvery: 30 };
  const defaults = { ...DEFAULTS, evalEvery: 45 };
  return { options: { ...defaults, ...small, ...options }, corpus, windowsPerCall: 0 };
}

/** Texts of a run: what it trains on and, where a part is kept, what it is validated on. */
export function partsOf({ options, corpus }: Run) {
  const kept = Math.floor(corpus.symbols.length * options.validationFraction);
  const end = corpus.symbols.length - kept;
  const streams = new Streams(corpus.symbols.subarray(0, end), options.batchSize, options.seqLength, corpus.name);
  return { streams, validation: kept > 0 ? corpus.symbols.subarray(end) : undefined };
}

/** A trainer at the start of a run, or where a checkpoint of it stands. */
export function trainerOf(
  runtime: Pick<Runtime, 'createModel'>,
  run: Run,
  from?: Checkpoint,
  changes: Partial<TrainerOptions> = {},
): Trainer {
  const { options, corpus, windowsPerCall } = run;
  const { vocabulary } = corpus;
  const size = { hiddenSize: options.hiddenSize, vocabularySize: vocabulary.size };
  const random = from ? Random.fromState(from.run.random) : new Random(options.seed);
  const state = from?.tensors ?? initialState(size, options.batchSize, options.init, random);
  const { steps, epochs, minutes } = options;
  return new Trainer({
    ...partsOf(run),
    model: runtime.createModel({ ...options, vocabularySize: vocabulary.size }, state),
    vocabulary,
    random,
    resume: from?.run,
    options: { ...options, limits: { steps, epochs, minutes }, checkpointEvery: 0, windowsPerCall, ...changes },
  });
}

/** Events of a trainer up to the end, or up to the last one of step `stopAt`, where the caller's signal comes. */
export async function eventsOf(trainer: Trainer, stopAt = Infinity): Promise<TrainingEvent[]> {
  const stop = new AbortController();
  const events: TrainingEvent[] = [];
  for await (const event of trainer.run(stop.signal)) {
    events.push(event);
    if ('step' in event && event.step >= stopAt) stop.abort();
  }
  return events;
}

/** What came of a run: all events of all its parts, and the state at its end. */
export interface Outcome {
  events: TrainingEvent[];
  last: Snapshot;
}

/** Makes a run in parts: stopped at each of `stops`, written as a checkpoint's bytes, read again and gone on with. */
export async function inParts(
  runtime: Pick<Runtime, 'createModel'>,
  run: Run,
  stops: readonly number[],
): Promise<Outcome> {
  const events: TrainingEvent[] = [];
  let from: Checkpoint | undefined;
  for (const stop of [...stops, Infinity]) {
    const changes = { checkpointEvery: stop === Infinity ? 0 : stop };
    const trainer = trainerOf(runtime, run, from, changes);
    events.push(...(await eventsOf(trainer, stop)));
    from = throughFile(run, await trainer.snapshot());
    trainer.parts.model.dispose();
  }
  if (!from) throw new Error('a run has one part or more');
  return { events, last: from };
}

/** A snapshot as it comes back from the bytes of a checkpoint. */
export function throughFile({ options, corpus }: Run, snapshot: Snapshot): Checkpoint {
  const { vocabulary, name, hash, symbols } = corpus;
  const record = { name, hash, symbols: symbols.length, position: 0 };
  return decodeCheckpoint(encodeCheckpoint({ options, vocabulary, corpus: record, ...snapshot }), 'run.safetensors');
}

/** The names of the tensors whose bytes differ between two snapshots. */
export function differingTensors({ tensors: a }: Snapshot, { tensors: b }: Snapshot): string[] {
  const pairs: [string, Float32Array, Float32Array][] = [['hidden', a.hidden, b.hidden]];
  for (const name of ['Wxh', 'Whh', 'Why', 'bh', 'by'] as const) {
    pairs.push([name, a.parameters[name], b.parameters[name]], [`m${name}`, a.memories[name], b.memories[name]]);
  }
  return pairs.filter(([, x, y]) => !bytesOf(x).equals(bytesOf(y))).map(([name]) => name);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Reports, samples and validations without what depends on the clock. */
export function timeless(events: readonly TrainingEvent[]): object[] {
  return events
    .filter(({ type }) => type === 'report' || type === 'sample' || type === 'validation')
    .map((event) => Object.fromEntries(Object.entries(event).filter(([key]) => !CLOCK.includes(key))));
}

const CLOCK = ['charsPerSecond', 'elapsedSeconds'];
