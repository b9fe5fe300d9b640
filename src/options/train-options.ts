import { BACKENDS, DECAYS, ENCODINGS, INITIALIZATIONS, PRESET_NAMES, RISES } from './choices.js';
import { decimal, flag, type Given, oneOf, type Role, text, type ValueOf, wholeNumber } from './option.js';
import { saveInterval } from './save-interval.js';

const limit = { group: 'When to stop (without any: at Ctrl-C):', role: 'limit' } as const;
const model = { group: 'Model and learning:', role: 'fixed' } as const;
const shown = { group: 'What is shown:', role: 'free' } as const;
const kept = { group: 'What is kept:' };
const from = { group: 'Continue from a checkpoint:' };
const machine = { group: 'Machine:' };

/** Where arithmetic in float32 is still far from its end. */
const LARGE = 1e6;
const UINT32_MAX = 0xffffffff;

/**
 * Every option of a training run, once: the command line, its help, option files, presets, checkpoints, resumed runs and
 * the library all read this table.
 */
export const TRAIN_OPTIONS = {
  /** Training windows after which to stop, counted from the very start of the run. */
  steps: wholeNumber({ ...limit, min: 0, example: 1000, describe: 'stop at this step; a resumed run counts on' }),
  /** Passes over the training text after which to stop, counted in the same way. */
  epochs: decimal({
    ...limit,
    min: 0,
    exclusive: true,
    max: 1e9,
    example: 10,
    describe: 'stop after so many passes over the text',
  }),
  /** Minutes of training after which to stop, counted in the same way. */
  minutes: decimal({
    ...limit,
    min: 0,
    exclusive: true,
    max: 1e9,
    example: 5,
    describe: 'stop after so many minutes of training',
  }),
  /** Validations without a new best one after which to stop; 0: never. */
  patience: wholeNumber({
    ...limit,
    role: 'free',
    min: 0,
    default: 0,
    example: 10,
    describe: 'stop after so many validations without a new best; 0: never',
  }),
  preset: oneOf(PRESET_NAMES, {
    ...model,
    role: 'session',
    default: 'seed',
    describe: 'values of the options below: as in the minimal program; better ones; large ones, untested on a GPU',
  }),
  /** H, hidden units. */
  hiddenSize: wholeNumber({ ...model, min: 1, max: 10_000, default: 100, describe: 'hidden units' }),
  /** T, time steps a window: how far the gradient reaches back. */
  seqLength: wholeNumber({
    ...model,
    min: 1,
    max: 100_000,
    default: 25,
    describe: 'symbols a window: how far gradients reach',
  }),
  /** B, streams of text trained side by side. */
  batchSize: wholeNumber({
    ...model,
    min: 1,
    max: 100_000,
    default: 1,
    describe: 'streams of the text trained side by side',
  }),
  /** Adagrad's learning rate. */
  learningRate: decimal({
    ...model,
    min: 0,
    exclusive: true,
    max: LARGE,
    default: 0.1,
    describe: "Adagrad's learning rate",
  }),
  learningRateRise: oneOf(RISES, {
    ...model,
    default: 'none',
    describe: 'how the rate rises; sqrt: with the root of the step, as fast as Adagrad slows down',
  }),
  learningRateDecay: oneOf(DECAYS, {
    ...model,
    default: 'none',
    describe:
      'how the rate falls; linear: to 5 % at the limit (over minutes, by the clock: no two runs alike to the bit)',
  }),
  /** Gradients are clipped to [-gradClip, gradClip], element by element; 0 leaves them as they are. */
  gradClip: decimal({
    ...model,
    min: 0,
    max: 1e30,
    default: 5,
    describe: 'clip every gradient to this much, up or down; 0: never',
  }),
  /** Of each stream before each window, that its hidden state goes to zeros; see `Chances`. */
  resetProbability: decimal({
    ...model,
    min: 0,
    max: 1,
    default: 0,
    example: 0.002,
    describe: "how often, a window, each stream's state goes to zeros, to learn to start; 0: never",
  }),
  /** Of each hidden unit in each window, that its weights to the next time step rest; see `Chances`. */
  recurrentDropout: decimal({
    ...model,
    min: 0,
    max: 0.9,
    default: 0,
    example: 0.1,
    describe: "how often, a window, each hidden unit's weights to the next time step are dropped; 0: never",
  }),
  /** The share of Whh and Why, times the learning rate, that a step takes away; see `ModelConfig`. */
  weightDecay: decimal({
    ...model,
    min: 0,
    max: 1,
    default: 0,
    example: 0.0002,
    describe: 'shrink weights by the learning rate times this, every step, against learning by heart',
  }),
  init: oneOf(INITIALIZATIONS, {
    ...model,
    default: 'paper',
    describe: 'initial weights: N(0, 0.01²), or scaled to the sizes',
  }),
  /** Seed of the initial weights and of the samples. */
  seed: wholeNumber({
    ...model,
    min: 0,
    max: UINT32_MAX,
    default: 42,
    describe: 'of initial weights and samples; the same seed gives the same run, unless its rate falls over minutes',
  }),
  encoding: oneOf(ENCODINGS, {
    ...model,
    default: 'utf-8',
    describe: 'what a symbol is: a character of UTF-8 text, or a byte of any file',
  }),
  /** Characters that come fewer times than this in the text become one, U+FFFD; 1: none does. */
  minCount: wholeNumber({
    ...model,
    min: 1,
    default: 1,
    describe: 'characters rarer than this become one symbol, U+FFFD',
  }),
  /** Part of the text, at its end, that is kept for validation. */
  validationFraction: decimal({
    ...model,
    min: 0,
    max: 0.9,
    default: 0,
    describe: 'part of the text, at its end, to measure on and not to train on',
  }),
  /** Steps between reports; 0: none. */
  reportEvery: wholeNumber({ ...shown, min: 0, default: 100, describe: 'steps between reports; 0: none' }),
  /** Steps between samples; 0: none. */
  sampleEvery: wholeNumber({ ...shown, min: 0, default: 100, describe: 'steps between samples; 0: none' }),
  /** Symbols a sample. */
  sampleLength: wholeNumber({ ...shown, min: 1, max: 1_000_000, default: 200, describe: 'symbols a sample' }),
  /** Of samples. */
  temperature: decimal({
    ...shown,
    min: 0,
    exclusive: true,
    max: LARGE,
    default: 1,
    describe: 'of samples: below 1 bolder, above 1 wilder',
  }),
  /** Steps between validations; 0: an epoch, at most 10,000. */
  evalEvery: wholeNumber({
    ...shown,
    min: 0,
    default: 0,
    example: 1000,
    defaultInWords: 'an epoch, at most 10000',
    describe: 'steps between validations',
  }),
  json: flag({ group: shown.group, describe: 'print JSON lines instead of text' }),
  quiet: flag({ group: shown.group, describe: 'print nothing but errors' }),
  /** A port of this machine; 0: the first free one of those that the dashboard tries. */
  dashboard: wholeNumber({
    group: shown.group,
    min: 0,
    max: 65_535,
    alone: '0',
    example: 8080,
    describe: 'show the run in browsers of this machine, at a port of 127.0.0.1; alone: the first free one from 6016',
  }),
  checkpoint: text({
    ...kept,
    writes: 'file',
    describe: 'file to save the run to: at the end, at Ctrl-C, and under nohup when the terminal closes',
  }),
  checkpointEvery: saveInterval({ ...kept, describe: 'save in between too: steps (500) or time (90s, 10m, 2h)' }),
  keepBest: flag({ ...kept, describe: 'save the best validated state too, as NAME.best beside it' }),
  overwrite: flag({ ...kept, describe: 'replace the checkpoint or plot of another run that is there' }),
  metrics: text({ ...kept, writes: 'file', describe: 'file to add the reports to, a JSON object a line' }),
  tensorboard: text({ ...kept, writes: 'folder', describe: 'folder to write TensorBoard event files to' }),
  plot: text({
    ...kept,
    writes: 'file',
    endings: ['.svg', '.png'],
    describe: 'file to draw the loss curves to, .svg or .png',
  }),
  resume: text({
    ...from,
    describe: 'file to continue from as if never stopped, and to save to unless --checkpoint names another',
  }),
  initFrom: text({ ...from, describe: 'file to take weights and vocabulary from, for another text' }),
  backend: oneOf(['auto', ...BACKENDS], {
    ...machine,
    default: 'auto',
    describe: 'what computes; auto: the fastest for the size',
  }),
  device: text({
    ...machine,
    describe:
      'what the backend computes on; tensorflow: cpu, gpu (CUDA), or auto (gpu where there is one); ' +
      "webgpu: auto, gpu, cpu (in software), or a part of an adapter's name; without --backend a name means webgpu's",
  }),
  /** Trace the training step into one graph where the backend can. */
  compile: flag({
    ...machine,
    default: true,
    describe: 'compute op by op, without tracing the step into one graph',
  }),
  windowsPerCall: wholeNumber({
    ...machine,
    min: 1,
    max: 100,
    defaultInWords: 'by size',
    example: 4,
    describe: 'windows computed in one call; the results stay the same',
  }),
  threads: wholeNumber({
    ...machine,
    min: 1,
    max: 1024,
    defaultInWords: 'by size',
    example: 2,
    describe: 'threads: streams are cut into as many shards',
  }),
  workers: text({
    ...machine,
    describe: 'other machines that take shards too, where min-char-rnn worker runs: a:7077,b:7077',
  }),
  cache: flag({ ...machine, default: true, describe: 'keep no encoded form of a large text for the next run' }),
} as const;

type Table = typeof TRAIN_OPTIONS;

/** The names of the options of a role. */
type NameOf<R extends Role> = { [Name in keyof Table]: Table[Name]['role'] extends R ? Name : never }[keyof Table];

/** What a training run may be given; the names and ranges are those of `TRAIN_OPTIONS`. */
export type TrainOptions = Given<Table>;

/**
 * What decides a model and how it learns: with the corpus and the limits, everything needed to repeat a run, unless its
 * rate falls over minutes.
 */
export type TrainingConfig = {
  -readonly [Name in keyof Table as Name extends NameOf<'fixed'> ? Name : never]: ValueOf<Table[Name]>;
};

/** Where a run stops; the first limit reached counts, none means endless. */
export type Limits = Pick<TrainOptions, NameOf<'limit'>>;

/** How a run shows itself and when it gives up. */
type FreeOptions = {
  -readonly [Name in keyof Table as Name extends NameOf<'free'> ? Name : never]: ValueOf<Table[Name]>;
};

/** What computed a run. */
export interface ComputedBy {
  backend: string;
  device?: string | undefined;
}

/** All options of a run that decide what it computes and shows; a checkpoint keeps them. */
export interface RunOptions extends TrainingConfig, FreeOptions, Limits {
  /** What the run was computed by last: to the bit, it continues exactly there only. */
  computedBy?: ComputedBy | undefined;
}

const namesOf = <R extends Role>(role: R) =>
  (Object.keys(TRAIN_OPTIONS) as (keyof Table)[]).filter((name) => TRAIN_OPTIONS[name].role === role) as NameOf<R>[];

/** Options that cannot change while a run continues. */
export const FIXED = namesOf('fixed');

/** Options that say when a run stops. */
export const LIMITS = namesOf('limit');

/** Options that a checkpoint keeps and that a resumed run may change. */
export const FREE = namesOf('free');

const defaultsOf = (names: readonly (keyof Table)[]) =>
  Object.fromEntries(names.map((name) => [name, TRAIN_OPTIONS[name].default]));

/** The specification: the minimal character RNN as it is known. */
export const SPECIFICATION = defaultsOf(FIXED) as Readonly<TrainingConfig>;

/** The options of a run for which nothing was given. */
export const DEFAULTS = defaultsOf([...FIXED, ...FREE]) as Readonly<TrainingConfig & FreeOptions>;
