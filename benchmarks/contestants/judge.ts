// Judges trained models, all alike: `evaluate H PATH` reads a model of H hidden units (raw float32: Wxh, Whh, Why, bh,
// by, and the hidden state (H) of the first stream) and answers with its nats a character on the last part of the text.
import { chooseRuntime } from '../../src/backends/choose.js';
import type { Runtime } from '../../src/backends/runtime.js';
import { readCorpus } from '../../src/corpus/open-corpus.js';
import { Streams } from '../../src/corpus/streams.js';
import { initialState, type ModelSize, PARAMETER_NAMES, type TrainingState } from '../../src/model/parameters.js';
import { Random } from '../../src/sampling/random.js';
import { WindowLoop } from '../../src/trainer/window-loop.js';
import { serve } from '../../src/bench/protocol.js';
import { parseChildArguments, readFloats } from '../settings.js';
import { identityOf } from './our-runtime.js';
import { SPECIFICATION } from '../../src/options/train-options.js';

/** How the text is read: many streams side by side, in short windows, of which few symbols are left over. */
const MOST_STREAMS = 32;
const SHORTEST_STREAM = 1000;
const WINDOW = 25;

async function readModel(path: string, size: ModelSize, streams: number): Promise<TrainingState> {
  const state = initialState(size, streams, SPECIFICATION.init, new Random(0));
  const flat = await readFloats(path);
  const hidden = flat.subarray(flat.length - size.hiddenSize);
  let end = 0;
  for (const name of PARAMETER_NAMES) {
    const parameter = state.parameters[name];
    parameter.set(flat.subarray(end, (end += parameter.length)));
  }
  if (end + size.hiddenSize !== flat.length) throw new RangeError(`'${path}' does not hold a model of this size`);
  for (let stream = 0; stream < streams; stream++) state.hidden.set(hidden, stream * size.hiddenSize);
  return state;
}

/**
 * Every stream starts from the hidden state at the end of training, as if the text continued: at learning rate
 * 0.1 a model can have states, zeros among them, from which it never returns to those it was trained in.
 * Training at rate 0 leaves the parameters as they are and gives the losses.
 */
async function judge(runtime: Runtime, streams: Streams, size: ModelSize, path: string): Promise<object> {
  const { batchSize, seqLength, windowsPerEpoch } = streams;
  const config = { ...size, batchSize, seqLength, gradClip: SPECIFICATION.gradClip };
  const model = runtime.createModel(config, await readModel(path, size, batchSize));
  const losses = await new WindowLoop(model, streams, 1).run(windowsPerEpoch, 0);
  const total = losses.reduce((sum, loss) => sum + loss, 0);
  model.dispose();
  if (!Number.isFinite(total)) throw new RangeError('the model has diverged: its loss is not a number');
  return { natsPerChar: total / (windowsPerEpoch * seqLength) };
}

const { settings, own } = parseChildArguments(process.argv.slice(2), ['validation-fraction']);
const { symbols, vocabulary, name } = await readCorpus(settings.corpus, SPECIFICATION.encoding);
const validation = symbols.subarray(symbols.length - Math.floor(symbols.length * Number(own['validation-fraction'])));
const batchSize = Math.max(1, Math.min(MOST_STREAMS, Math.floor(validation.length / SHORTEST_STREAM)));
const streams = new Streams(validation, batchSize, WINDOW, name);
const { runtime } = await chooseRuntime('auto', { compile: true });
await serve(identityOf(runtime), {
  evaluate: (hiddenSize, path) =>
    judge(runtime, streams, { hiddenSize: Number(hiddenSize), vocabularySize: vocabulary.size }, path),
});
