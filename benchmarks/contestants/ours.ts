// Our own program as a contestant: `run N` trains on N windows, of a text that is read from a file where it is larger
// than `--memory-limit` bytes; with `--workers`, together with these, and `traffic` says how many bytes crossed so far.
import { serve, timed } from '../../src/bench/protocol.js';
import { openCorpus } from '../../src/corpus/open-corpus.js';
import { Streams } from '../../src/corpus/streams.js';
import { initialState, type ModelSize, type TrainingState } from '../../src/model/parameters.js';
import type { ModelConfig, TrainableModel } from '../../src/model/trainable-model.js';
import { Random } from '../../src/sampling/random.js';
import { WindowLoop } from '../../src/trainer/window-loop.js';
import { type ChildSettings, parseChildArguments, readFloats } from '../settings.js';
import { identityOf, loadOurRuntime, RUNTIME_FLAGS } from './our-runtime.js';
import { countTraffic } from './traffic.js';
import type { Runtime } from '../../src/backends/runtime.js';
import { SPECIFICATION } from '../../src/options/train-options.js';

const FLAGS = [...RUNTIME_FLAGS, 'windows-per-call', 'shards', 'memory-limit', 'workers', 'threads'] as const;

/** The specification's initial state, with the weights of a file where one is given. */
async function stateFor(size: ModelSize, { batchSize, weights }: ChildSettings): Promise<TrainingState> {
  const state = initialState(size, batchSize, SPECIFICATION.init, new Random(SPECIFICATION.seed));
  if (weights === undefined) return state;
  const flat = await readFloats(weights);
  let end = 0;
  const { Wxh, Whh, Why } = state.parameters;
  for (const parameter of [Wxh, Whh, Why]) parameter.set(flat.subarray(end, (end += parameter.length)));
  return state;
}

/** On TensorFlow, with another number of shards than the program would choose. */
async function shardedModel(config: ModelConfig, state: TrainingState, shards: number): Promise<TrainableModel> {
  const { TensorModel } = await import('../../src/model/tensor/tensor-model.js');
  const { trace } = await import('../../src/backends/tensorflow/trace.js');
  const { tensorBackend } = await import('../../src/backends/active-backend.js');
  return new TensorModel(tensorBackend('tensorflow', trace), config, state, Math.min(shards, config.batchSize));
}

/** With workers, what the command line makes of `--workers` and `--threads`. */
async function loadRuntime(config: ModelConfig): Promise<Runtime | undefined> {
  if (own.workers === undefined) return loadOurRuntime(settings, own);
  const { chooseCluster } = await import('../../src/cluster/join.js');
  const lost = (line: string) => {
    throw new Error(line);
  };
  return (await chooseCluster(own.workers, { threads: Number(own.threads) }, config, lost)).runtime;
}

const { settings, own } = parseChildArguments(process.argv.slice(2), FLAGS);
const traffic = countTraffic();
const { encoding, gradClip } = SPECIFICATION;
const memoryLimit = Number(own['memory-limit'] ?? Infinity);
const { symbols, vocabulary, name } = await openCorpus(settings.corpus, { encoding, cache: false, memoryLimit });
const config = { ...settings, gradClip, vocabularySize: vocabulary.size };
const runtime = await loadRuntime(config);
if (runtime) {
  const state = await stateFor(config, settings);
  const model =
    own.shards === undefined
      ? runtime.createModel(config, state)
      : await shardedModel(config, state, Number(own.shards));
  const streams = new Streams(symbols, settings.batchSize, settings.seqLength, name);
  const loop = new WindowLoop(model, streams, Number(own['windows-per-call'] ?? 0));
  await serve(identityOf(runtime, { windowsPerCall: loop.windowsPerCall }), {
    run: timed(async (steps) => (await loop.run(steps, settings.learningRate)).at(-1)),
    traffic,
  });
  model.dispose();
}
