import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { chooseRuntime, LOADERS } from '../../backends/choose.js';
import { FASTEST_IN_GENERAL } from '../../backends/preference.js';
import { loadPure } from '../../backends/pure.js';
import { isUnavailable, type Runtime } from '../../backends/runtime.js';
import { type Checkpoint, loadCheckpoint } from '../../checkpoint/checkpoint.js';
import { messageOf, UserError } from '../../errors.js';
import { nativeStatus } from '../../native/status.js';
import { Random } from '../../sampling/random.js';
import type { SamplingModel } from '../../model/sampling-model.js';
import { generate, type SamplingOptions } from '../../sampling/sampler.js';
import type { SampleArguments } from './sample-command.js';
import { Sink } from '../display/sink.js';

/** Symbols generated unless told otherwise. */
const DEFAULT_LENGTH = 1000;

/**
 * Multiply-adds from which TensorFlow, which takes a second and more to load and trace, is done before plain TypeScript,
 * which does about 1e9 of them a second; see the README's benchmarks.
 */
const MUCH_TO_DO = 2e9;

/** `sample`: streams generated text to `out`; ends quietly when nobody reads it any more. */
export async function runSample(given: SampleArguments, out: NodeJS.WriteStream): Promise<void> {
  const checkpoint = await loadCheckpoint(given.checkpoint);
  const prime = await readPrime(given, checkpoint);
  const runtime = await chooseSampler(given, checkpoint);
  const random = new Random(given.seed ?? Math.floor(Math.random() * 2 ** 32));
  const sink = new Sink(out);
  for (let text = 0; text < (given.count ?? 1) && !sink.closed; text++) {
    if (text > 0) await sink.write(Buffer.from('\n\n'));
    await generateText(given, checkpoint, prime, runtime, random, sink);
  }
  if (out.isTTY) await sink.write(Buffer.from('\n'));
  await sink.flush();
}

async function generateText(
  given: SampleArguments,
  checkpoint: Checkpoint,
  prime: Int32Array,
  runtime: Runtime,
  random: Random,
  sink: Sink,
): Promise<void> {
  const { vocabulary, tensors, options } = checkpoint;
  const size = { hiddenSize: options.hiddenSize, vocabularySize: vocabulary.size };
  const model = runtime.createSamplingModel(size, tensors.parameters, tensors.hidden);
  const length = given.length === 0 ? Infinity : (given.length ?? DEFAULT_LENGTH);
  try {
    const symbols = generate(model, readAllButLast(model, prime), length, samplingOptions(given), random);
    for (const symbol of symbols) {
      await sink.write(vocabulary.bytesOf(symbol));
      if (sink.closed) break;
    }
  } finally {
    model.dispose();
  }
}

/** Feeds the prime text to the model in order; returns its last symbol, which generation starts from. */
function readAllButLast(model: SamplingModel, prime: Int32Array): number {
  for (const symbol of prime.subarray(0, -1)) model.next(symbol);
  return prime[prime.length - 1];
}

function samplingOptions({ temperature = 1, topK = 0, topP = 1, greedy = false }: SampleArguments): SamplingOptions {
  return { temperature, topK, topP, greedy };
}

/** The symbols to read first: the prime text, or else a newline, so that text begins as a line does. */
async function readPrime(given: SampleArguments, { vocabulary }: Checkpoint): Promise<Int32Array> {
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
async function chooseSampler(given: SampleArguments, { options, vocabulary }: Checkpoint): Promise<Runtime> {
  const { backend = 'auto', length = DEFAULT_LENGTH, count = 1 } = given;
  const { hiddenSize: H } = options;
  const products = (length === 0 ? Infinity : length * count) * H * (H + vocabulary.size);
  const native = products > MUCH_TO_DO && nativeStatus().kind !== 'absent';
  if (backend !== 'auto' || native) {
    return (
      await chooseRuntime(
        backend,
        { size: { batchSize: 1, hiddenSize: H }, compile: true },
        LOADERS,
        FASTEST_IN_GENERAL,
      )
    ).runtime;
  }
  const pure = await loadPure({ compile: true });
  if (isUnavailable(pure)) throw new Error(pure.reason);
  return pure;
}
