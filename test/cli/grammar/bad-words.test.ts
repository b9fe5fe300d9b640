import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/options/nearest.js';
import { programName } from '../../../src/system/invocation.js';
import { parse, refusal } from './stubbed-parser.js';

const PROGRAM = programName();
const COMMANDS = 'train, sample, eval, info, page, gradcheck, doctor, setup, cache, worker';

describe('the command', () => {
  it.each([
    [[], `a command must come first (one of ${COMMANDS}), but none came; try ${PROGRAM} train, or --help`],
    [
      ['--steps', '5'],
      `a command must come first (one of ${COMMANDS}), but none came; try ${PROGRAM} train, or --help`,
    ],
    [['trian'], `the first word must be a command (one of ${COMMANDS}), but got 'trian'; did you mean train?`],
    [['Train'], `the first word must be a command (one of ${COMMANDS}), but got 'Train'; did you mean train?`],
    [['smaple', 'x'], `the first word must be a command (one of ${COMMANDS}), but got 'smaple'; did you mean sample?`],
    [['grad'], `the first word must be a command (one of ${COMMANDS}), but got 'grad'; did you mean gradcheck?`],
    [['xyzzy'], `the first word must be a command (one of ${COMMANDS}), but got 'xyzzy'; see --help`],
    [[''], `the first word must be a command (one of ${COMMANDS}), but got ''; see --help`],
    [
      ['package.json'],
      `the first word must be a command (one of ${COMMANDS}), but got 'package.json'; did you mean train package.json?`,
    ],
    [
      ['trian', '--help'],
      `the first word must be a command (one of ${COMMANDS}), but got 'trian'; did you mean train?`,
    ],
  ])('%j is refused with what to do', async (argv, line) => {
    expect(await refusal(...argv)).toBe(line);
  });
});

describe('arguments', () => {
  it.each([
    [['sample'], `sample must have <checkpoint>, but <checkpoint> did not come; write ${PROGRAM} sample <checkpoint>`],
    [
      ['info', '--json'],
      `info must have <checkpoint>, but <checkpoint> did not come; write ${PROGRAM} info <checkpoint> [corpus..]`,
    ],
    [
      ['eval'],
      'eval must have <checkpoint> and <corpus..>, but <checkpoint> and <corpus..> did not come; ' +
        `write ${PROGRAM} eval <checkpoint> <corpus..>`,
    ],
    [
      ['eval', 'run'],
      `eval must have <checkpoint> and <corpus..>, but <corpus..> did not come; write ${PROGRAM} eval <checkpoint> <corpus..>`,
    ],
    [
      ['sample', 'a', 'b', 'c'],
      "sample takes no more than <checkpoint>, but 'b' and 'c' came too; leave it out, or quote a name with spaces",
    ],
    [['doctor', 'x'], "doctor takes no arguments, but 'x' came too; leave it out, or quote a name with spaces"],
    [['doctor', '--', 'x'], "doctor takes no arguments, but 'x' came too; leave it out, or quote a name with spaces"],
  ])('%j are refused with the form to write', async (argv, line) => {
    expect(await refusal(...argv)).toBe(line);
  });

  it('may stand anywhere, be numbers, and begin with a dash after --', async () => {
    expect(await parse('--quiet', 'train', '5', '--steps', '7')).toMatchObject({
      corpus: ['5'],
      steps: 7,
      quiet: true,
    });
    expect(await parse('eval', '--', '-a', '--b')).toMatchObject({ checkpoint: './-a', corpus: ['./--b'] });
    expect(await parse('train', 'train')).toMatchObject({ corpus: ['train'] });
  });
});

describe('a word in quotes', () => {
  it.each(['"you"', "'you'", '""you""', '"', '""', `'"'`, '"you', 'you"'])(
    'that reached the program keeps them: %s',
    async (word) => {
      const given = ['sample', word, '--prime', word];
      expect(await parse(...given)).toMatchObject({ checkpoint: word, prime: word });
      expect(await parse('train', word, `--checkpoint=${word}`)).toMatchObject({ corpus: [word], checkpoint: word });
    },
  );
});

describe('a lone dash', () => {
  it('is the name of a file where no list of texts is', async () => {
    expect(await parse('sample', '-')).toMatchObject({ checkpoint: '-' });
    expect(await parse('cache', '-')).toMatchObject({ action: '-' });
    expect(await parse('eval', '-', '-')).toMatchObject({ checkpoint: '-', corpus: ['-'] });
  });
});

describe('a list of texts', () => {
  it('may be of any length, a lone dash among them', async () => {
    expect(await parse('train', 'a', '-', 'b', '--', '-c')).toMatchObject({ corpus: ['a', '-', 'b', './-c'] });
    expect(await parse('eval', 'run', '-', 'a')).toMatchObject({ checkpoint: 'run', corpus: ['-', 'a'] });
    expect((await parse('train')).corpus).toBeUndefined();
  });
});

describe('unknown options', () => {
  it.each([
    [['train', '--hiden-size', '50'], 'train has no option --hiden-size; did you mean --hidden-size?'],
    [['train', '--hiddenSzie=50'], 'train has no option --hiddenSzie; did you mean --hidden-size?'],
    [['train', '--hidden', '50'], 'train has no option --hidden; did you mean --hidden-size?'],
    [['train', '--HIDDEN-SIZE', '50'], `train has no option --HIDDEN-SIZE; see ${PROGRAM} train --help`],
    [['train', '--bogus', '--steps'], `train has no option --bogus; see ${PROGRAM} train --help`],
    [['train', '--no-bogus'], `train has no option --no-bogus; see ${PROGRAM} train --help`],
    [['train', '--top-k', '5'], 'train has no option --top-k, but sample has; leave it out'],
    [['doctor', '--seed=5'], 'doctor has no option --seed, but train and sample and gradcheck have; leave it out'],
    [
      ['sample', '--checkpoint', 'x'],
      'sample has no option --checkpoint; write its value without it: sample <checkpoint>',
    ],
    [['train', '-x'], `train has no option -x; see ${PROGRAM} train --help`],
    [['train', '-q'], `train has no option -q; see ${PROGRAM} train --help`],
    [['train', '-steps', '5'], 'train has no option -steps; did you mean --steps?'],
    [['train', '-5'], `train has no option -5; see ${PROGRAM} train --help`],
    [['train', '--constructor', '5'], `train has no option --constructor; see ${PROGRAM} train --help`],
    [['train', '--__proto__.x=5'], `train has no option --__proto__.x; see ${PROGRAM} train --help`],
    [['train', '--steps.x=5'], 'train has no option --steps.x; did you mean --steps?'],
  ])('%j are refused, with the likely one where there is one', async (argv, line) => {
    expect(await refusal(...argv)).toBe(line);
  });
});

describe('options that are written wrongly', () => {
  it.each([
    [['--steps'], '--steps must have a value, but none came after it; write --steps VALUE'],
    [
      ['--steps', '--quiet'],
      "--steps must have a value, but '--quiet' came after it; write --steps VALUE, or --steps='--quiet' if that is it",
    ],
    [
      ['--checkpoint', '-x'],
      "--checkpoint must have a value, but '-x' came after it; write --checkpoint VALUE, or --checkpoint='-x' if that is it",
    ],
    [
      ['--steps', '--'],
      "--steps must have a value, but '--' came after it; write --steps VALUE, or --steps='--' if that is it",
    ],
    [['--steps='], "--steps must be a whole number of 0 or more, but got ''; write for example --steps 1000"],
    [['--no-steps'], "--steps takes a value and cannot be negated, but got '--no-steps'; leave it out instead"],
    [['--no-steps=5'], "--steps takes a value and cannot be negated, but got '--no-steps=5'; leave it out instead"],
    [['--noSteps'], "--steps takes a value and cannot be negated, but got '--noSteps'; leave it out instead"],
    [['--quiet=yes'], "--quiet must stand alone, but got '--quiet=yes'; write --quiet without a value"],
    [
      ['--no-compile=true'],
      "--no-compile must stand alone, but got '--no-compile=true'; write --compile or --no-compile",
    ],
  ])('%j is refused', async (argv, line) => {
    expect(await refusal('train', ...argv)).toBe(line);
  });

  it.each([
    [
      ['--steps', '5', '--steps', '6'],
      '--steps must be given once, but came more than once (5 and 6); keep one of them',
    ],
    [['--steps', '5', '--steps=5'], '--steps must be given once, but came more than once (5 and 5); keep one of them'],
    [
      ['--hidden-size', '5', '--hiddenSize', '6'],
      '--hidden-size must be given once, but came more than once (5 and 6); keep one of them',
    ],
    [['--quiet', '--quiet'], '--quiet must be given once, but came more than once; keep one of them'],
    [['--compile', '--no-compile'], '--compile must be given once, but came more than once; keep one of them'],
    [
      ['--config', 'a', '--config', 'b'],
      '--config must be given once, but came more than once (a and b); keep one of them',
    ],
  ])('%j is refused, since one of them would be lost', async (argv, line) => {
    expect(await refusal('train', ...argv)).toBe(line);
  });

  it('are taken in camelCase, with or without an equals sign, and flags as true or false', async () => {
    expect(await parse('train', '--hiddenSize', '5', '--keepBest', '--json=false', '--no-quiet')).toMatchObject({
      hiddenSize: 5,
      keepBest: true,
      json: false,
      quiet: false,
    });
  });
});

it('a word of one letter is never mistaken for another', () => {
  expect(nearest('x', ['a', 'y'])).toBeUndefined();
  expect(nearest('sed', [])).toBeUndefined();
  expect(nearest('sed', ['steps', 'seed'])).toBe('seed');
});
