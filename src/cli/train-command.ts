import type { ArgumentsCamelCase, CommandModule, InferredOptionTypes } from 'yargs';
import { PRESETS, REPORTING, SPECIFICATION } from '../config.js';
import { BACKENDS } from '../engine.js';
import { decimal, flag, oneOf, text, wholeNumber } from './options.js';

const UINT32_MAX = 0xffffffff;
const limit = { group: 'When to stop (without any: endless, until Ctrl-C):' };
const model = { group: 'Model and learning:' };
const shown = { group: 'What is shown and kept:' };
const machine = { group: 'Machine:' };

/** The options of `train`, by the names that the specification fixes. */
export const trainOptions = {
  steps: wholeNumber('steps', { ...limit, min: 0, describe: 'stop at this step; a resumed run counts on' }),
  epochs: decimal('epochs', { ...limit, min: 0, exclusive: true, describe: 'stop after so many passes over the text' }),
  minutes: decimal('minutes', {
    ...limit,
    min: 0,
    exclusive: true,
    describe: 'stop after so many minutes of training',
  }),
  preset: oneOf('preset', Object.keys(PRESETS) as (keyof typeof PRESETS)[], {
    ...model,
    default: 'seed',
    describe: 'defaults for the options below: the minimal program, or good ones for real use',
  }),
  'hidden-size': wholeNumber('hidden-size', {
    ...model,
    min: 1,
    max: 100_000,
    default: SPECIFICATION.hiddenSize,
    describe: 'hidden units',
  }),
  'seq-length': wholeNumber('seq-length', {
    ...model,
    min: 1,
    max: 100_000,
    default: SPECIFICATION.seqLength,
    describe: 'symbols a window: how far gradients reach back',
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
    describe: 'linear: down to 5 % at the limit',
  }),
  'grad-clip': decimal('grad-clip', {
    ...model,
    min: 0,
    default: SPECIFICATION.gradClip,
    describe: 'clip every gradient to this much up or down; 0: never',
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
    describe: 'symbols are code points of UTF-8 text, or the bytes of any file',
  }),
  'validation-fraction': decimal('validation-fraction', {
    ...model,
    min: 0,
    max: 0.9,
    default: SPECIFICATION.validationFraction,
    describe: 'part at the end of the text to measure on instead of training on it',
  }),
  'eval-every': wholeNumber('eval-every', {
    ...shown,
    min: 1,
    default: 'an epoch, 10000 at most',
    describe: 'steps from one validation to the next',
  }),
  patience: wholeNumber('patience', {
    ...limit,
    min: 1,
    describe: 'stop after so many validations without a new best',
  }),
  'report-every': wholeNumber('report-every', {
    ...shown,
    min: 0,
    default: REPORTING.reportEvery,
    describe: 'steps from one report to the next; 0: none',
  }),
  'sample-every': wholeNumber('sample-every', {
    ...shown,
    min: 0,
    default: REPORTING.sampleEvery,
    describe: 'steps from one sample to the next; 0: none',
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
  checkpoint: text('checkpoint', { ...shown, describe: 'file to save the run to, at the end and on Ctrl-C' }),
  'checkpoint-every': text('checkpoint-every', {
    ...shown,
    describe: 'save every so many steps (500) or this often (90s, 10m, 2h)',
  }),
  'keep-best': flag('keep-best', {
    ...shown,
    describe: 'keep the best validated state too, as PATH with .best before the ending',
  }),
  resume: text('resume', { ...limit, group: 'Go on:', describe: 'checkpoint to go on from, exactly' }),
  'init-from': text('init-from', {
    group: 'Go on:',
    describe: 'checkpoint to take weights and vocabulary from, for another text',
  }),
  metrics: text('metrics', { ...shown, describe: 'file to add reports to, one JSON object a line' }),
  tensorboard: text('tensorboard', { ...shown, describe: 'folder to write TensorBoard event files to' }),
  plot: text('plot', { ...shown, describe: 'file to draw the loss curves to at the end (.svg or .png)' }),
  json: flag('json', { ...shown, describe: 'print JSON lines instead of text' }),
  quiet: flag('quiet', { ...shown, describe: 'print nothing but errors' }),
  backend: oneOf('backend', ['auto', ...BACKENDS], {
    ...machine,
    default: 'auto',
    describe: 'what computes; auto: the fastest that runs here',
  }),
  compile: {
    ...flag('compile', {
      ...machine,
      describe: 'trace the step into one graph where possible (--no-compile: op by op)',
    }),
    default: true,
  },
  'windows-per-call': wholeNumber('windows-per-call', {
    ...machine,
    min: 1,
    max: 100,
    default: 'by size',
    describe: 'windows unrolled into one call; results stay the same',
  }),
  threads: wholeNumber('threads', {
    ...machine,
    min: 1,
    max: 1024,
    default: 'by size',
    describe: 'threads inside an op',
  }),
  config: {
    type: 'string',
    config: true,
    requiresArg: true,
    describe: 'JSON file with options; those given beside it win',
  },
} as const;

/** What `train` was given on the command line; what was not given is undefined. */
export type TrainArguments = Partial<ArgumentsCamelCase<InferredOptionTypes<typeof trainOptions> & { corpus: string }>>;

/** `train`: trains a model and shows it learning. */
export const trainCommand: CommandModule<object, TrainArguments> = {
  command: 'train [corpus]',
  describe: 'train on a text file, or without one on the built-in text',
  builder: trainOptions,
  handler: async (given) => {
    const { runTrain } = await import('./train.js');
    process.exitCode = await runTrain(given);
  },
};
