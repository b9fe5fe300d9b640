import { chooseRuntime, WASM_FIRST } from '../backends/choose.js';
import { loadPure } from '../backends/pure.js';
import type { Runtime } from '../backends/runtime.js';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { Random } from '../sampling/random.js';
import { generate, type SamplingOptions } from '../sampling/sampler.js';
import type { SamplingModel } from '../sampling/sampling-model.js';
import type { SampleOptions } from '../options/sample-options.js';
import { readPrime } from './prime.js';

/** Symbols to generate where no length is given. */
const DEFAULT_LENGTH = 1000;

/**
 * Multiply-adds from which WebAssembly, which takes a tenth of a second to load, is done before plain TypeScript, which
 * does about 1e9 of them a second. TensorFlow generates more slowly at every size; see docs/benchmarks.md.
 */
const MUCH = 1e8;

/** Frees the model of a text that was neither read to its end nor left: its generator is gone. */
const dropped = new FinalizationRegistry<{ readonly model?: SamplingModel | undefined }>(({ model }) =>
  model?.dispose(),
);

/** A model to generate text with, on the runtime that suits it, and the text that it reads first. */
export interface Sampler {
  /** What the user must know about the text that comes, on one line. */
  readonly warning: string | undefined;
  /** One text, symbol by symbol; each call generates another. */
  symbols(): Generator<number, void>;
}

/** Prepares generating from a checkpoint. @throws UserError for a prime text that cannot be read by the model. */
export async function openSampler(checkpoint: Checkpoint, given: SampleOptions): Promise<Sampler> {
  const { vocabulary, tensors, options } = checkpoint;
  const prime = await readPrime(given, vocabulary);
  const runtime = await chooseSampler(given, checkpoint);
  const random = new Random(given.seed ?? Math.floor(Math.random() * 2 ** 32));
  const size = { hiddenSize: options.hiddenSize, vocabularySize: vocabulary.size };
  const length = given.length === 0 ? Infinity : (given.length ?? DEFAULT_LENGTH);
  return {
    warning: warningOf(checkpoint),
    symbols: () => {
      const used: { model?: SamplingModel | undefined } = {};
      const create = () => (used.model = runtime.createSamplingModel(size, tensors.parameters, tensors.hidden));
      const symbols = (function* () {
        const model = create();
        try {
          yield* generate(model, readAllButLast(model, prime), length, samplingOptions(given), random);
        } finally {
          used.model = undefined;
          model.dispose();
        }
      })();
      dropped.register(symbols, used);
      return symbols;
    },
  };
}

/**
 * Text starts from the state that training carried, which is as good as the model. Only older versions saved zeros, at the
 * end of an epoch, from which some models never find back to what they have learned.
 */
function warningOf({ tensors, run, options }: Checkpoint): string | undefined {
  if (run.step === 0 || tensors.hidden.subarray(0, options.hiddenSize).some((value) => value !== 0)) return undefined;
  return (
    'this checkpoint holds a hidden state of zeros, as older versions saved at the end of an epoch, from which a model ' +
    'may write nonsense; if it does, train one step more with --resume'
  );
}

/** Feeds the prime text to the model in order; returns its last symbol, which generation starts from. */
function readAllButLast(model: SamplingModel, prime: Int32Array): number {
  for (const symbol of prime.subarray(0, -1)) model.next(symbol);
  return prime[prime.length - 1];
}

function samplingOptions({ temperature = 1, topK = 0, topP = 1, greedy = false }: SampleOptions): SamplingOptions {
  return { temperature, topK, topP, greedy };
}

/** The runtime that is done first, its loading included. */
async function chooseSampler(given: SampleOptions, { options, vocabulary }: Checkpoint): Promise<Runtime> {
  const { backend = 'auto', length = DEFAULT_LENGTH, count = 1 } = given;
  const { hiddenSize: H } = options;
  const products = (length === 0 ? Infinity : length * count) * H * (H + vocabulary.size);
  if (backend === 'auto' && products < MUCH) return loadPure();
  const request = { size: { batchSize: 1, hiddenSize: H, vocabularySize: vocabulary.size }, compile: true };
  return (await chooseRuntime(backend, request, { candidates: WASM_FIRST, reason: '' })).runtime;
}
