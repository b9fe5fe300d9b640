import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Size } from '../src/bench/request.js';

/** What a child trains: the sizes, and on what. */
export interface ChildSettings extends Size {
  readonly learningRate: number;
  /** Path of a UTF-8 text. */
  readonly corpus: string;
  /** Path of initial weights as raw little-endian float32: Wxh (H,V), Whh (H,H), Why (V,H). Default: N(0, 0.01²). */
  readonly weights?: string;
}

const FLAGS = ['hidden-size', 'seq-length', 'batch-size', 'learning-rate', 'corpus', 'weights'] as const;

/** The settings as a child's command-line arguments. */
export function childArguments(settings: ChildSettings): string[] {
  const { hiddenSize, seqLength, batchSize, learningRate, corpus, weights } = settings;
  const values = [hiddenSize, seqLength, batchSize, learningRate, corpus, weights];
  return FLAGS.flatMap((flag, i) => (values[i] === undefined ? [] : [`--${flag}`, String(values[i])]));
}

/**
 * A child's command line taken apart.
 * @param ownFlags names (without dashes) of the flags that only this child has; each takes a value.
 * @throws TypeError or RangeError for a flag that is not known, a number that is none or a missing corpus.
 */
export function parseChildArguments<Own extends string = never>(
  argv: readonly string[],
  ownFlags: readonly Own[] = [],
): { settings: ChildSettings; own: Partial<Record<Own, string>> } {
  const options = Object.fromEntries([...FLAGS, ...ownFlags].map((flag) => [flag, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...argv], options });
  if (typeof values.corpus !== 'string') throw new TypeError('--corpus must name a text file');
  const number = (flag: string, fallback: number) => positive(flag, Number(values[flag] ?? fallback));
  const settings = {
    hiddenSize: number('hidden-size', 100),
    seqLength: number('seq-length', 25),
    batchSize: number('batch-size', 1),
    learningRate: number('learning-rate', 0.1),
    corpus: values.corpus,
    ...(typeof values.weights === 'string' && { weights: values.weights }),
  };
  return { settings, own: values as Partial<Record<Own, string>> };
}

function positive(flag: string, value: number): number {
  if (!(value > 0)) throw new RangeError(`--${flag} must be a positive number`);
  return value;
}

/** The numbers of a file of raw little-endian float32. */
export async function readFloats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
