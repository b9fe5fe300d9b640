import { readFileSync } from 'node:fs';
import { corpusFromBytes } from '../../../src/corpus/corpus.js';
import { Streams } from '../../../src/corpus/streams.js';
import type { ModelConfig } from '../../../src/model/trainable-model.js';
import {
  PARAMETER_NAMES,
  parameterShapes,
  type PerParameter,
  perParameter,
  sizeOf,
} from '../../../src/model/parameters.js';

/** What `scripts/make-golden.py`, a program of its own, says that the algorithm gives. */
interface Golden {
  text: string;
  hiddenSize: number;
  seqLength: number;
  learningRate: number;
  gradClip: number;
  /** Value k of all parameters is sin(k² + phase). */
  phase: number;
  /** Nats of each step, summed over the window. */
  losses: number[];
  /** Of the first step, before clipping, row by row. */
  gradients: PerParameter<number[]>;
}

/** The file's text, as it is in the repository. */
export const goldenJson = readFileSync(new URL('golden.json', import.meta.url), 'utf8');

export const golden = JSON.parse(goldenJson) as Golden;

const corpus = corpusFromBytes(Buffer.from(golden.text), 'golden', 'utf-8');

/** The windows of the golden run; it goes through the text several times. */
export const goldenStreams = new Streams(corpus.symbols, 1, golden.seqLength, 'golden');

export const goldenConfig: ModelConfig = {
  batchSize: 1,
  seqLength: golden.seqLength,
  hiddenSize: golden.hiddenSize,
  vocabularySize: corpus.vocabulary.size,
  gradClip: golden.gradClip,
};

/** The weights that the golden run starts from. */
export function goldenParameters(): PerParameter<Float64Array> {
  const shapes = parameterShapes(goldenConfig);
  const sizes = PARAMETER_NAMES.map((name) => sizeOf(shapes[name]));
  return perParameter((name) => {
    const place = PARAMETER_NAMES.indexOf(name);
    const before = sizes.slice(0, place).reduce((sum, size) => sum + size, 0);
    return Float64Array.from({ length: sizes[place] }, (_, i) => Math.sin((before + i) ** 2 + golden.phase));
  });
}

/** The symbols that a step reads, and those that it is to predict. */
export function goldenWindow(step: number): { inputs: Int32Array; targets: Int32Array } {
  const inputs = new Int32Array(golden.seqLength);
  const targets = new Int32Array(golden.seqLength);
  goldenStreams.fill(step, 1, inputs, targets);
  return { inputs, targets };
}

/** Whether a step starts over at the beginning of the text, with a hidden state of zeros. */
export function startsEpoch(step: number): boolean {
  return step % goldenStreams.windowsPerEpoch === 0;
}
