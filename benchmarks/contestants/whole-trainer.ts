// The whole trainer, with the default reports and samples unless `--samples false`. A step of `run N` is as many training
// steps as lie between two samples; `memory` says what is held then. `until S PATH` trains until S seconds of training
// are over and writes what the model says then to PATH, see `judge.ts`; the learning rate falls, where `--preset` says
// so, towards `--minutes`. Nothing is learnt from the last `--validation-fraction` of the text. With `--dashboard true`,
// `shown N WHERE` is `run N` shown on a dashboard, see `SHOWN_ON`, and says how much of the time that takes; `address` is
// where the watched one is.
import { writeFile } from 'node:fs/promises';
import { serve, timed } from '../../src/bench/protocol.js';
import { readCorpus } from '../../src/corpus/open-corpus.js';
import { Streams } from '../../src/corpus/streams.js';
import { initialState, PARAMETER_NAMES } from '../../src/model/parameters.js';
import { PRESETS } from '../../src/options/presets.js';
import { HeapCollector } from '../../src/run/heap-collector.js';
import { Random } from '../../src/sampling/random.js';
import type { TrainingEvent } from '../../src/trainer/events.js';
import { Trainer } from '../../src/trainer/trainer.js';
import { parseChildArguments } from '../settings.js';
import { Dashboards, SHOWN_ON } from './watched.js';
import { identityOf, loadOurRuntime, RUNTIME_FLAGS } from './our-runtime.js';
import type { BackendName } from '../../src/options/choices.js';
import { DEFAULTS, SPECIFICATION } from '../../src/options/train-options.js';

const FLAGS = [...RUNTIME_FLAGS, 'samples', 'preset', 'minutes', 'validation-fraction', 'dashboard'] as const;

const { settings, own } = parseChildArguments(process.argv.slice(2), FLAGS);
const runtime = await loadOurRuntime(settings, own);
if (runtime) {
  const { symbols, vocabulary, name } = await readCorpus(settings.corpus, SPECIFICATION.encoding);
  const preset = own.preset === 'fast' ? PRESETS.fast : PRESETS.seed;
  const config = { ...SPECIFICATION, ...preset, ...settings, vocabularySize: vocabulary.size };
  const random = new Random(config.seed);
  const kept = Math.floor(symbols.length * Number(own['validation-fraction'] ?? 0));
  const model = runtime.createModel(config, initialState(config, config.batchSize, config.init, random));
  const trainer = new Trainer({
    model,
    streams: new Streams(symbols.subarray(0, symbols.length - kept), config.batchSize, config.seqLength, name),
    vocabulary,
    random,
    options: {
      ...DEFAULTS,
      ...config,
      ...(own.samples === 'false' && { sampleEvery: 0 }),
      limits: own.minutes === undefined ? {} : { minutes: Number(own.minutes) },
      checkpointEvery: 0,
      windowsPerCall: 0,
    },
  });

  const dashboards = own.dashboard === 'true' ? await Dashboards.open(name) : undefined;
  const events = trainer.run();
  // As the command line does.
  const heap = new HeapCollector();
  const nextEvent = async (): Promise<TrainingEvent | undefined> => {
    const { value: event } = await events.next();
    heap.collectIfDue();
    if (event) dashboards?.event(event);
    return event ?? undefined;
  };
  const runStretches = async (stretches: number) => {
    let loss = NaN;
    for (let seen = 0; seen < stretches;) {
      const event = await nextEvent();
      if (event?.type === 'report') loss = event.loss;
      if (event?.type === 'progress' && event.step % DEFAULTS.sampleEvery === 0) seen++;
    }
    return loss;
  };
  const reached = { seconds: 0, steps: 0 };
  const trainUntil = async (seconds: number) => {
    while (reached.seconds < seconds) {
      const event = await nextEvent();
      if (!event) return;
      if (event.type !== 'progress' && event.type !== 'end') continue;
      reached.seconds = event.elapsedSeconds;
      reached.steps = event.step;
    }
  };

  await serve(identityOf(runtime), {
    run: timed(runStretches),
    shown: (stretches, where) => {
      const on = SHOWN_ON.find((name) => name === where);
      if (!dashboards || !on) throw new Error(`there is no dashboard '${where}'`);
      return dashboards.timesOf(on, Number(stretches), () => runStretches(1));
    },
    address: () => ({ address: dashboards?.address }),
    memory: () => memoryHeld(runtime.backend),
    until: async (seconds, path) => {
      await trainUntil(Number(seconds));
      const { parameters, hidden } = await model.readModel();
      const arrays = [...PARAMETER_NAMES.map((name) => parameters[name]), hidden.subarray(0, config.hiddenSize)];
      await writeFile(path, Buffer.concat(arrays.map((values) => Buffer.from(values.slice().buffer))));
      return reached;
    },
  });
  await dashboards?.close();
}

/** Tensors, and the resident memory of this process in bytes. */
async function memoryHeld(backend: BackendName): Promise<object> {
  const resident = process.memoryUsage.rss();
  if (backend === 'pure') return { tensors: 0, resident };
  const { memory } = await import('@tensorflow/tfjs-core');
  return { tensors: memory().numTensors, resident };
}
