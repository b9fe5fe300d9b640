// The whole trainer at its default intervals: a step of `run N` is as many training steps as lie between two samples,
// with the sample unless `--samples false`; `memory` says what is held after them.
import { readCorpus } from '../../src/corpus/open-corpus.js';
import { Streams } from '../../src/corpus/streams.js';
import { initialState } from '../../src/model/parameters.js';
import { HeapCollector } from '../../src/run/heap-collector.js';
import { Random } from '../../src/sampling/random.js';
import { Trainer } from '../../src/trainer/trainer.js';
import { parseChildArguments, serveAll, timed } from '../protocol.js';
import { identityOf, loadOurRuntime, RUNTIME_FLAGS } from './our-runtime.js';
import { DEFAULTS, SPECIFICATION } from '../../src/options/train-options.js';
import type { BackendName } from '../../src/options/choices.js';

const { settings, own } = parseChildArguments(process.argv.slice(2), [...RUNTIME_FLAGS, 'samples']);
const runtime = await loadOurRuntime(settings, own);
if (runtime) {
  const { symbols, vocabulary, name } = await readCorpus(settings.corpus, SPECIFICATION.encoding);
  const config = { ...SPECIFICATION, ...settings, vocabularySize: vocabulary.size };
  const random = new Random(SPECIFICATION.seed);
  const trainer = new Trainer({
    model: runtime.createModel(config, initialState(config, settings.batchSize, SPECIFICATION.init, random)),
    streams: new Streams(symbols, settings.batchSize, settings.seqLength, name),
    vocabulary,
    random,
    options: {
      ...DEFAULTS,
      ...config,
      ...(own.samples === 'false' && { sampleEvery: 0 }),
      limits: {},
      checkpointEvery: 0,
      windowsPerCall: 0,
    },
  });
  const events = trainer.run();
  // As the command line does.
  const heap = new HeapCollector();
  const runStretches = async (stretches: number) => {
    let loss = NaN;
    for (let seen = 0; seen < stretches;) {
      const { value: event } = await events.next();
      heap.collectIfDue();
      if (event?.type === 'report') loss = event.loss;
      if (event?.type === 'progress' && event.step % DEFAULTS.sampleEvery === 0) seen++;
    }
    return loss;
  };
  await serveAll(identityOf(runtime), { run: timed(runStretches), memory: () => memoryHeld(runtime.backend) });
}

/** Tensors, and the resident memory of this process in bytes. */
async function memoryHeld(backend: BackendName): Promise<object> {
  const resident = process.memoryUsage.rss();
  if (backend === 'pure') return { tensors: 0, resident };
  const { memory } = await import('@tensorflow/tfjs-core');
  return { tensors: memory().numTensors, resident };
}
