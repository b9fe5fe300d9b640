// Our own program as a contestant: `run N` trains on N windows.
import { readFile } from 'node:fs/promises';
import { readCorpus } from '../../src/corpus/open-corpus.js';
import { Streams } from '../../src/corpus/streams.js';
import type { TrainableModel, ModelConfig } from '../../src/model/trainable-model.js';
import { initialState, type ModelSize, type TrainingState } from '../../src/model/parameters.js';
import { Random } from '../../src/sampling/random.js';
import { SPECIFICATION } from '../../src/options/presets.js';
import { WindowLoop } from '../../src/trainer/window-loop.js';
import { type ChildSettings, parseChildArguments, serve } from '../protocol.js';
import { identityOf, loadOurRuntime, RUNTIME_FLAGS } from './our-runtime.js';

/** The specification's initial state, with the weights of a file where one is given. */
async function stateFor(size: ModelSize, { batchSize, weights }: ChildSettings): Promise<TrainingState> {
  const state = initialState(size, batchSize, SPECIFICATION.init, new Random(SPECIFICATION.seed));
  if (weights === undefined) return state;
  const bytes = await readFile(weights);
  const flat = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  let end = 0;
  const { Wxh, Whh, Why } = state.parameters;
  for (const parameter of [Wxh, Whh, Why]) parameter.set(flat.subarray(end, (end += parameter.length)));
  return state;
}

/** On TensorFlow, with another number of shards than the program would choose. */
async function shardedModel(config: ModelConfig, state: TrainingState, shards: number): Promise<TrainableModel> {
  const { TensorModel } = await import('../../src/model/tensor/tensor-model.js');
  const { trace } = await import('../../src/backends/tensorflow/trace.js');
  return new TensorModel('tensorflow', config, state, trace, Math.min(shards, config.batchSize));
}

const { settings, own } = parseChildArguments(process.argv.slice(2), [...RUNTIME_FLAGS, 'windows-per-call', 'shards']);
const runtime = await loadOurRuntime(settings, own);
if (runtime) {
  const corpus = await readCorpus(settings.corpus, 'utf-8');
  const { gradClip } = SPECIFICATION;
  const config = { ...settings, gradClip, vocabularySize: corpus.vocabulary.size };
  const state = await stateFor(config, settings);
  const model =
    own.shards === undefined
      ? runtime.createModel(config, state)
      : await shardedModel(config, state, Number(own.shards));
  const streams = new Streams(corpus.symbols, settings.batchSize, settings.seqLength, corpus.name);
  const loop = new WindowLoop(model, streams, Number(own['windows-per-call'] ?? 0));
  await serve(identityOf(runtime, { windowsPerCall: loop.windowsPerCall }), async (steps) =>
    (await loop.run(steps, settings.learningRate)).at(-1),
  );
}
