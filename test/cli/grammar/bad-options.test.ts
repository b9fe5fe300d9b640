import { describe, expect, it } from 'vitest';
import { type Command, isFlag, nameOf } from '../../../src/cli/grammar/command.js';
import { UserError } from '../../../src/errors.js';
import { commandOf, parse, refusal, STUBS } from './stubbed-parser.js';

/** Enough arguments for each command. */
const ARGUMENTS: Record<string, string[]> = { sample: ['run'], eval: ['run', 'text'], info: ['run'], page: ['run'] };

const WHOLE_NUMBERS: Record<string, string[]> = {
  doctor: ['batch-size', 'hidden-size', 'seq-length'],
  train: [
    ...['steps', 'patience', 'hidden-size', 'seq-length', 'batch-size', 'seed', 'eval-every', 'report-every'],
    ...['sample-every', 'sample-length', 'windows-per-call', 'min-count', 'threads', 'dashboard'],
  ],
  sample: ['length', 'count', 'top-k', 'seed'],
  page: ['characters'],
  gradcheck: ['seed'],
  worker: ['port', 'threads'],
};
const DECIMALS: Record<string, string[]> = {
  train: [
    'epochs',
    'minutes',
    'learning-rate',
    'grad-clip',
    'validation-fraction',
    'temperature',
    'reset-probability',
    'recurrent-dropout',
    'weight-decay',
  ],
  sample: ['temperature', 'top-p'],
  eval: ['validation-fraction'],
};

const NO_NUMBERS = [
  'abc',
  '',
  ' ',
  '1e',
  '0x10',
  '0b1',
  'Infinity',
  'NaN',
  '1,5',
  '1_',
  '--5',
  '5 ',
  '١',
  '1.2.3',
  'e5',
];
const NO_WHOLE_NUMBERS = [...NO_NUMBERS, '1.5', '1e-1', '.5', '1.0', '9007199254740992', '1e16', '1e400'];

/** Every numeric option beside its command. */
function pairs(options: Record<string, string[]>): [command: string, name: string][] {
  return Object.entries(options).flatMap(([command, names]) => names.map((name): [string, string] => [command, name]));
}

/** What the option's check makes of a value: the value, or the line that refuses it. */
function check(command: string, name: string, value: string): unknown {
  try {
    return commandOf(command).builder[name].coerce?.(value);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** Expects the line to name the option, to quote what came and to give a value that is taken. */
function expectAdvice(command: string, name: string, value: string): void {
  const line = String(check(command, name, value));
  expect(line).toMatch(new RegExp(`^--${name} must be (a|at most) `));
  expect(line).toContain(`, but got '${value}'; write for example --${name} `);
  expect(line).not.toContain('\n');
  expect(check(command, name, line.split(' ').at(-1) ?? '')).toBeTypeOf('number');
}

describe('numeric options', () => {
  it('are all of those in the tables below', () => {
    const numeric = (command: Command) =>
      Object.entries(command.builder)
        .filter(([, option]) => !isFlag(option))
        .map(([name]): [string, string] => [nameOf(command), name])
        .filter((pair) => ['0.5', '1'].some((value) => typeof check(...pair, value) === 'number'));
    expect(STUBS.flatMap(numeric).sort()).toEqual([...pairs(WHOLE_NUMBERS), ...pairs(DECIMALS)].sort());
  });

  it.each(pairs(WHOLE_NUMBERS))('%s --%s takes nothing but whole numbers', async (command, name) => {
    for (const value of [...NO_WHOLE_NUMBERS, '-4']) expectAdvice(command, name, value);
    expect(await refusal(command, ...(ARGUMENTS[command] ?? []), `--${name}=abc`)).toContain("but got 'abc'");
  });

  it.each(pairs(DECIMALS))('%s --%s takes nothing but numbers', async (command, name) => {
    for (const value of [...NO_NUMBERS, '-4', '-1e-9', '1e400']) expectAdvice(command, name, value);
    expect(await refusal(command, ...(ARGUMENTS[command] ?? []), `--${name}`, 'abc')).toContain("but got 'abc'");
  });

  it.each([
    ['train', 'hidden-size', ['0', '10001']],
    ['train', 'seq-length', ['0', '100001']],
    ['train', 'batch-size', ['0', '100001']],
    ['train', 'seed', ['4294967296']],
    ['train', 'learning-rate', ['0', '1e7']],
    ['train', 'grad-clip', ['1e31']],
    ['train', 'temperature', ['0', '1e38']],
    ['train', 'min-count', ['0']],
    ['train', 'sample-length', ['0', '1000001']],
    ['train', 'windows-per-call', ['0', '101']],
    ['train', 'threads', ['0', '1025']],
    ['train', 'epochs', ['0', '0.0']],
    ['train', 'minutes', ['0']],
    ['train', 'validation-fraction', ['0.91', '1']],
    ['sample', 'count', ['0']],
    ['sample', 'temperature', ['0']],
    ['sample', 'top-p', ['0', '1.01']],
    ['sample', 'seed', ['4294967296']],
    ['eval', 'validation-fraction', ['0', '1.1']],
    ['gradcheck', 'seed', ['4294967296']],
  ])('%s --%s refuses %j, which is out of its range', (command, name, values) => {
    for (const value of values) expectAdvice(command, name, value);
  });

  it.each([
    ['steps', { '0': 0, '1000': 1000, '1_000': 1000, '1e3': 1000, '+5': 5, '007': 7, '9007199254740991': 2 ** 53 - 1 }],
    ['learning-rate', { '0.1': 0.1, '.5': 0.5, '1.': 1, '1e-3': 0.001, '2E2': 200 }],
  ])('--%s takes numbers in every usual form', (name, forms) => {
    for (const [written, value] of Object.entries(forms)) expect(check('train', name, written)).toBe(value);
  });

  it('take a negative number for a value and not for an option', async () => {
    const line = "--steps must be a whole number of 0 or more, but got '-4'; write for example --steps 1000";
    expect(await refusal('train', '--steps', '-4')).toBe(line);
    expect(await refusal('train', '--steps=-4')).toBe(line);
  });
});

describe('options that take a word or a path', () => {
  it.each([
    ['backend', 'tensorflwo', 'auto, tensorflow, webgpu, wasm, pure', 'did you mean tensorflow?'],
    ['backend', 'cuda', 'auto, tensorflow, webgpu, wasm, pure', 'choose one'],
    ['backend', '', 'auto, tensorflow, webgpu, wasm, pure', 'choose one'],
    ['preset', 'Fast', 'seed, fast, gpu', 'did you mean fast?'],
    ['init', 'xavier', 'paper, scaled', 'choose one'],
    ['learning-rate-decay', 'cosine', 'none, linear', 'choose one'],
    ['learning-rate-decay', 'lin', 'none, linear', 'did you mean linear?'],
    ['encoding', 'latin1', 'utf-8, bytes', 'choose one'],
  ])("--%s refuses '%s' with the words to choose from", async (name, value, words, advice) => {
    expect(await refusal('train', `--${name}=${value}`)).toBe(
      `--${name} must be one of ${words}, but got '${value}'; ${advice}`,
    );
  });

  it('must not be empty', async () => {
    for (const name of ['checkpoint', 'resume', 'init-from', 'metrics', 'plot', 'config']) {
      expect(await refusal('train', `--${name}=`)).toMatch(/must|does not exist/);
    }
    expect(await refusal('sample', 'run', '--prime=')).toBe(
      '--prime must not be empty; give it a value or leave it out',
    );
  });

  it('--plot refuses another kind of picture before anything is trained', async () => {
    expect(await refusal('train', '--plot', 'a.gif')).toBe(
      "--plot must end in .svg or .png, but got 'a.gif'; rename it",
    );
    expect(await parse('train', '--plot', 'a.PNG')).toMatchObject({ plot: 'a.PNG' });
  });

  it('keep values with spaces, dashes, equals signs and line ends', async () => {
    const prime = '--a = "b"\n';
    expect(await parse('sample', 'run', `--prime=${prime}`)).toMatchObject({ prime, checkpoint: 'run' });
    expect(await parse('sample', 'run', '--prime-file', '-')).toMatchObject({ primeFile: '-' });
  });
});

it('flags default to what the help says', async () => {
  expect(commandOf('train').builder['compile']).toMatchObject({ default: true });
  expect(await parse('train')).toMatchObject({ compile: true });
  expect(await parse('train', '--no-compile', '--quiet')).toMatchObject({ compile: false, quiet: true });
});
