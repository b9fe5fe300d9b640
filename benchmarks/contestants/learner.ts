// Our whole trainer on the first part of a text: `until S PATH` trains until S seconds of training are over and writes
// what the model says then to PATH, see `judge.ts`. Its learning rate falls, where the preset says so, towards `--minutes`.
import { writeFile } from 'node:fs/promises';
import { PRESETS } from '../../src/options/presets.js';
import { readCorpus } from '../../src/corpus/open-corpus.js';
import { Streams } from '../../src/corpus/streams.js';
import { initialState, PARAMETER_NAMES } from '../../src/model/parameters.js';
import { Random } from '../../src/sampling/random.js';
import { Trainer } from '../../src/trainer/trainer.js';
import { parseChildArguments, serveAll } from '../protocol.js';
import { identityOf, loadOurRuntime, RUNTIME_FLAGS } from './our-runtime.js';
import { DEFAULTS, SPECIFICATION } from '../../src/options/train-options.js';

const FLAGS = [...RUNTIME_FLAGS, 'preset', 'minutes', 'validation-fraction'] as const;

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
      sampleEvery: 0,
      limits: { minutes: Number(own.minutes ?? 1) },
      checkpointEvery: 0,
      windowsPerCall: 0,
    },
  });

  const events = trainer.run();
  const reached = { seconds: 0, steps: 0 };
  const trainUntil = async (seconds: number) => {
    while (reached.seconds < seconds) {
      const { value: event, done } = await events.next();
      if (done) return;
      if (event.type !== 'progress' && event.type !== 'end') continue;
      reached.seconds = event.elapsedSeconds;
      reached.steps = event.step;
    }
  };

  await serveAll(identityOf(runtime), {
    until: async (seconds, path) => {
      await trainUntil(Number(seconds));
      const { parameters, hidden } = await model.readModel();
      const arrays = [...PARAMETER_NAMES.map((name) => parameters[name]), hidden.subarray(0, config.hiddenSize)];
      await writeFile(path, Buffer.concat(arrays.map((values) => Buffer.from(values.slice().buffer))));
      return reached;
    },
  });
}
