// Opens a text of any size as the command line does and trains on it, from memory or from a file: `run N` trains on N
// windows.
import { SPECIFICATION } from '../../src/options/presets.js';
import { openCorpus } from '../../src/corpus/open-corpus.js';
import { Streams } from '../../src/corpus/streams.js';
import { initialState } from '../../src/model/parameters.js';
import { WindowLoop } from '../../src/trainer/window-loop.js';
import { Random } from '../../src/sampling/random.js';
import { parseChildArguments, serveAll, timed } from '../protocol.js';
import { identityOf, loadOurRuntime, RUNTIME_FLAGS } from './our-runtime.js';

const { settings, own } = parseChildArguments(process.argv.slice(2), [...RUNTIME_FLAGS, 'memory-limit']);
const runtime = await loadOurRuntime(settings, own);
if (runtime) {
  const { encoding, gradClip, init, seed } = SPECIFICATION;
  const memoryLimit = Number(own['memory-limit']);
  const corpus = await openCorpus(settings.corpus, { encoding, cache: false, memoryLimit });
  const config = { ...settings, gradClip, vocabularySize: corpus.vocabulary.size };
  const state = initialState(config, settings.batchSize, init, new Random(seed));
  const streams = new Streams(corpus.symbols, settings.batchSize, settings.seqLength, corpus.name);
  const loop = new WindowLoop(runtime.createModel(config, state), streams);
  const run = timed(async (steps) => (await loop.run(steps, settings.learningRate)).at(-1));
  await serveAll(identityOf(runtime), { run });
}
