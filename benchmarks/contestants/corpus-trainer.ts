// Opens a text of any size as the command line does and trains on it: `start` trains on the first window and says how
// long that took from the process's start and what memory it needed at most; `run N` trains on N windows.
import { SPECIFICATION } from '../../src/config.js';
import { openCorpus } from '../../src/corpus/open-corpus.js';
import { Streams } from '../../src/corpus/streams.js';
import { initialState } from '../../src/parameters.js';
import { Random } from '../../src/random.js';
import { parseChildArguments, serveAll, timed } from '../protocol.js';
import { identityOf, loadOurRuntime, RUNTIME_FLAGS } from './our-runtime.js';
import { WindowTrainer } from './window-trainer.js';

const { settings, own } = parseChildArguments(process.argv.slice(2), [...RUNTIME_FLAGS, 'cache', 'memory-limit']);
const runtime = await loadOurRuntime(settings, own);
if (runtime) {
  const { encoding, gradClip, init, seed } = SPECIFICATION;
  const memoryLimit = own['memory-limit'] === undefined ? undefined : Number(own['memory-limit']);
  const corpus = await openCorpus(settings.corpus, { encoding, cache: own.cache ?? false, memoryLimit });
  const config = { ...settings, gradClip, vocabularySize: corpus.vocabulary.size };
  const state = initialState(config, settings.batchSize, init, new Random(seed));
  const streams = new Streams(corpus.symbols, settings.batchSize, settings.seqLength, corpus.name);
  const trainer = new WindowTrainer(runtime.createEngine(config, state), streams, settings.learningRate);
  await trainer.run(1);
  // Kilobytes on every system.
  const peak = process.resourceUsage().maxRSS * 1024;
  const started = {
    seconds: performance.now() / 1000,
    peak,
    storage: corpus.storage.kind,
    symbols: corpus.symbols.length,
  };
  await serveAll(identityOf(runtime), { start: () => started, run: timed((steps) => trainer.run(steps)) });
}
