import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { chooseRuntime } from '../backends/choose.js';
import { FASTEST_IN_GENERAL } from '../backends/choose.js';
import { loadPure } from '../backends/pure.js';
import type { Runtime } from '../backends/runtime.js';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { messageOf, UserError } from '../errors.js';
import { nativeStatus } from '../native/status.js';
import { Random } from '../sampling/random.js';
import { generate, type SamplingOptions } from '../sampling/sampler.js';
import type { SamplingModel } from '../sampling/sampling-model.js';
import type { SampleOptions } from '../options/sample-options.js';

/** Symbols to generate where no length is given. */
const DEFAULT_LENGTH = 1000;

/**
 * Multiply-adds from which TensorFlow, which takes a second and more to load and trace, is done before plain TypeScript,
 * which does about 1e9 of them a second; see the README's benchmarks.
 */
const MUCH_TO_DO = 2e9;

/** A model to generate text with, on the runtime that suits it, and the text that it reads first. */
export interface Sampler {
  /** One text, symbol by symbol; each call generates another. */
  symbols(): Generator<number, void>;
}

/** Prepares generating from a checkpoint. @throws UserError for a prime text that cannot be read by the model. */
export async function openSampler(checkpoint: Checkpoint, given: SampleOptions): Promise<Sampler> {
  const { vocabulary, tensors, options } = checkpoint;
  const prime = await readPrime(given, checkpoint);
  const runtime = await chooseSampler(given, checkpoint);
  const random = new Random(given.seed ?? Math.floor(Math.random() * 2 ** 32));
  const size = { hiddenSize: options.hiddenSize, vocabularySize: vocabulary.size };
  const length = given.length === 0 ? Infinity : (given.length ?? DEFAULT_LENGTH);
  return {
    *symbols() {
      const model = runtime.createSamplingModel(size, tensors.parameters, tensors.hidden);
      try {
        yield* generate(model, readAllButLast(model, prime), length, samplingOptions(given), random);
      } finally {
        model.dispose();
      }
    },
  };
}

/** Feeds the prime text to the model in order; returns its last symbol, which generation starts from. */
function readAllButLast(model: SamplingModel, prime: Int32Array): number {
  for (const symbol of prime.subarray(0, -1)) model.next(symbol);
  return prime[prime.length - 1];
}

function samplingOptions({ temperature = 1, topK = 0, topP = 1, greedy = false }: SampleOptions): SamplingOptions {
  return { temperature, topK, topP, greedy };
}

/** The symbols to read first: the prime text, or else a newline, so that text begins as a line does. */
async function readPrime(given: SampleOptions, { vocabulary }: Checkpoint): Promise<Int32Array> {
  if (given.prime !== undefined && given.primeFile !== undefined) {
    throw new UserError('--prime and --prime-file must not come together, because each gives the prime text; keep one');
  }
  const text = given.primeFile === undefined ? given.prime : await readPrimeFile(given.primeFile);
  if (text === undefined) return Int32Array.of(vocabulary.indexOf(NEWLINE) ?? 0);
  if (text === '') throw new UserError('the prime text must not be empty; give at least one character or leave it out');
  return vocabulary.encode(text);
}

const NEWLINE = 0x0a;

async function readPrimeFile(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = path === '-' ? await buffer(process.stdin) : await readFile(path);
  } catch (error) {
    throw new UserError(
      `--prime-file must be a readable file, but '${path}' is not: ${messageOf(error)}; check the path`,
    );
  }
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new UserError(`--prime-file must be UTF-8 text, but '${path}' is not; convert it (iconv -t UTF-8)`);
}

/** TensorFlow where it is set up and there is much to do, else plain TypeScript, which starts at once. */
async function chooseSampler(given: SampleOptions, { options, vocabulary }: Checkpoint): Promise<Runtime> {
  const { backend = 'auto', length = DEFAULT_LENGTH, count = 1 } = given;
  const { hiddenSize: H } = options;
  const products = (length === 0 ? Infinity : length * count) * H * (H + vocabulary.size);
  const native = products > MUCH_TO_DO && nativeStatus().kind !== 'absent';
  if (backend === 'auto' && !native) return loadPure();
  const request = { size: { batchSize: 1, hiddenSize: H, vocabularySize: vocabulary.size }, compile: true };
  return (await chooseRuntime(backend, request, FASTEST_IN_GENERAL)).runtime;
}
