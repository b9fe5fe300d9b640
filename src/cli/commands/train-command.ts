import type { ArgumentsCamelCase, CommandModule, InferredOptionTypes } from 'yargs';
import { PRESETS, REPORTING, SPECIFICATION } from '../../options/presets.js';
import { BACKENDS } from '../../model/trainable-model.js';
import { decimal, flag, oneOf, text, wholeNumber } from '../grammar/options.js';

const UINT32_MAX = 0xffffffff;
const limit = { group: 'When to stop (without any: at Ctrl-C):' };
const model = { group: 'Model and learning:' };
const shown = { group: 'What is shown:' };
const kept = { group: 'What is kept:' };
const before = { group: 'Go on from a checkpoint:' };
const machine = { group: 'Machine:' };

/** What `--device` may be. */
export const DEVICES =
  'what the backend computes on; tensorflow: cpu, gpu (CUDA), or auto (gpu where there is one); ' +
  "webgpu: auto, gpu, cpu (in software), or a part of an adapter's name; without --backend a name means webgpu's";

/** The options of `train`, by the names that the specification fixes. */
export const trainOptions = {
  steps: wholeNumber('steps', {
    ...limit,
    min: 0,
    example: 1000,
    describe: 'stop at this step; a resumed run counts on',
  }),
  epochs: decimal('epochs', {
    ...limit,
    min: 0,
    exclusive: true,
    example: 10,
    describe: 'stop after so many passes over the text',
  }),
  minutes: decimal('minutes', {
    ...limit,
    min: 0,
    exclusive: true,
    example: 5,
    describe: 'stop after so many minutes of training',
  }),
  patience: wholeNumber('patience', {
    ...limit,
    min: 1,
    example: 10,
    describe: 'stop after so many validations without a new best',
  }),
  preset: oneOf('preset', Object.keys(PRESETS) as (keyof typeof PRESETS)[], {
    ...model,
    default: 'seed',
    describe: 'values of the options below: as in the minimal program; better ones; large ones, untested on a GPU',
  }),
  'hidden-size': wholeNumber('hidden-size', {
    ...model,
    min: 1,
    max: 10_000,
    default: SPECIFICATION.hiddenSize,
    describe: 'hidden units',
  }),
  'seq-length': wholeNumber('seq-length', {
    ...model,
    min: 1,
    max: 100_000,
    default: SPECIFICATION.seqLength,
    describe: 'symbols a window: how far gradients reach',
  }),
  'batch-size': wholeNumber('batch-size', {
    ...model,
    min: 1,
    max: 100_000,
    default: SPECIFICATION.batchSize,
    describe: 'streams of the text trained side by side',
  }),
  'learning-rate': decimal('learning-rate', {
    ...model,
    min: 0,
    exclusive: true,
    default: SPECIFICATION.learningRate,
    describe: "Adagrad's learning rate",
  }),
  'learning-rate-decay': oneOf('learning-rate-decay', ['none', 'linear'], {
    ...model,
    default: SPECIFICATION.learningRateDecay,
    describe: 'how the rate falls; linear: to 5 % at the limit',
  }),
  'grad-clip': decimal('grad-clip', {
    ...model,
    min: 0,
    default: SPECIFICATION.gradClip,
    describe: 'clip every gradient to this much, up or down; 0: never',
  }),
  init: oneOf('init', ['paper', 'scaled'], {
    ...model,
    default: SPECIFICATION.init,
    describe: 'initial weights: N(0, 0.01²), or scaled to the sizes',
  }),
  seed: wholeNumber('seed', {
    ...model,
    min: 0,
    max: UINT32_MAX,
    default: SPECIFICATION.seed,
    describe: 'of initial weights and samples; the same seed gives the same run',
  }),
  encoding: oneOf('encoding', ['utf-8', 'bytes'], {
    ...model,
    default: SPECIFICATION.encoding,
    describe: 'what a symbol is: a character of UTF-8 text, or a byte of any file',
  }),
  'min-count': wholeNumber('min-count', {
    ...model,
    min: 1,
    default: SPECIFICATION.minCount,
    describe: 'characters rarer than this become one symbol, U+FFFD',
  }),
  'validation-fraction': decimal('validation-fraction', {
    ...model,
    min: 0,
    max: 0.9,
    default: SPECIFICATION.validationFraction,
    describe: 'part of the text, at its end, to measure on and not to train on',
  }),
  'report-every': wholeNumber('report-every', {
    ...shown,
    min: 0,
    default: REPORTING.reportEvery,
    describe: 'steps between reports; 0: none',
  }),
  'sample-every': wholeNumber('sample-every', {
    ...shown,
    min: 0,
    default: REPORTING.sampleEvery,
    describe: 'steps between samples; 0: none',
  }),
  'sample-length': wholeNumber('sample-length', {
    ...shown,
    min: 1,
    max: 1_000_000,
    default: REPORTING.sampleLength,
    describe: 'symbols a sample',
  }),
  temperature: decimal('temperature', {
    ...shown,
    min: 0,
    exclusive: true,
    default: REPORTING.temperature,
    describe: 'of samples: below 1 bolder, above 1 wilder',
  }),
  'eval-every': wholeNumber('eval-every', {
    ...shown,
    min: 1,
    example: 1000,
    default: 'an epoch, at most 10000',
    describe: 'steps between validations',
  }),
  json: flag({ ...shown, describe: 'print JSON lines instead of text' }),
  quiet: flag({ ...shown, describe: 'print nothing but errors' }),
  checkpoint: text('checkpoint', { ...kept, describe: 'file to save the run to, at the end and at Ctrl-C' }),
  'checkpoint-every': text('checkpoint-every', {
    ...kept,
    describe: 'save in between too: steps (500) or time (90s, 10m, 2h)',
  }),
  'keep-best': flag({
    ...kept,
    describe: 'save the best validated state too, as NAME.best beside it',
  }),
  resume: text('resume', { ...before, describe: 'file to go on from, exactly as if never stopped' }),
  'init-from': text('init-from', {
    ...before,
    describe: 'file to take weights and vocabulary from, for another text',
  }),
  metrics: text('metrics', { ...kept, describe: 'file to add the reports to, a JSON object a line' }),
  tensorboard: text('tensorboard', { ...kept, describe: 'folder to write TensorBoard event files to' }),
  plot: text('plot', { ...kept, endings: ['.svg', '.png'], describe: 'file to draw the loss curves to, .svg or .png' }),
  backend: oneOf('backend', ['auto', ...BACKENDS], {
    ...machine,
    default: 'auto',
    describe: 'what computes; auto: the fastest for the size',
  }),
  device: text('device', {
    ...machine,
    describe: DEVICES,
  }),
  compile: flag({ ...machine, on: true, describe: 'compute op by op, without tracing the step into one graph' }),
  'windows-per-call': wholeNumber('windows-per-call', {
    ...machine,
    min: 1,
    max: 100,
    default: 'by size',
    example: 4,
    describe: 'windows computed in one call; the results stay the same',
  }),
  threads: wholeNumber('threads', {
    ...machine,
    min: 1,
    max: 1024,
    default: 'by size',
    example: 2,
    describe: 'threads: streams are cut into as many shards',
  }),
  cache: flag({ ...machine, on: true, describe: 'keep no encoded form of a large text for the next run' }),
  config: text('config', {
    describe: 'JSON file with options; those given beside it win',
  }),
} as const;

/** What `train` was given on the command line; what was not given is undefined. */
export type TrainArguments = Partial<
  ArgumentsCamelCase<InferredOptionTypes<typeof trainOptions> & { corpus: string[] }>
>;

/** `train`: trains a model and shows it learning. */
export const trainCommand: CommandModule<object, TrainArguments> = {
  command: 'train [corpus..]',
  describe: 'train on text files and folders (- is stdin), or without any on the built-in text',
  builder: trainOptions,
  handler: async (given) => {
    const { runTrain } = await import('../../run/train.js');
    process.exitCode = await runTrain(given);
  },
};
