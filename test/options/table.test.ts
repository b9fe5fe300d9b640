import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { optionsSchema } from '../../src/checkpoint/checkpoint.js';
import { camelCase, flagOf, kebabCase } from '../../src/options/names.js';
import type { Option } from '../../src/options/option.js';
import { PRESETS } from '../../src/options/presets.js';
import { newRunOptions, resumedRunOptions } from '../../src/options/run-options.js';
import { DEFAULTS, FIXED, FREE, LIMITS, type RunOptions, TRAIN_OPTIONS, type TrainOptions } from '../../src/options/train-options.js'; // prettier-ignore
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../cli/processes.js';
import { parse } from '../cli/grammar/stubbed-parser.js';
import { scratchFolder } from '../scratch-folder.js';

const names = Object.keys(TRAIN_OPTIONS) as (keyof typeof TRAIN_OPTIONS)[];
const optionOf = (name: keyof typeof TRAIN_OPTIONS): Option => TRAIN_OPTIONS[name];
const kept = [...FIXED, ...FREE, ...LIMITS];

/** A value of an option that is not its default. */
function anotherValue(name: keyof typeof TRAIN_OPTIONS): string | number | boolean {
  const { kind, words, default: value } = optionOf(name);
  if (kind === 'flag') return value !== true;
  if (kind === 'word') return words.find((word) => word !== value) ?? '';
  if (kind === 'text') return name === 'checkpointEvery' ? '10m' : 'a.svg';
  return ['validationFraction', 'resetProbability', 'recurrentDropout', 'weightDecay'].includes(name) ? 0.25 : 7;
}

/** The options of a run that needs nothing besides. */
const complete: RunOptions = { ...DEFAULTS, validationFraction: 0.5, steps: 100 };

describe('every option of a run', () => {
  it('has a value of its own for this test, and a default that it accepts', () => {
    for (const name of names) {
      const { accepts, default: value } = optionOf(name);
      expect(accepts(anotherValue(name)), name).toBe(true);
      expect(value === undefined || accepts(value), name).toBe(true);
      expect([undefined, null, {}, [], Symbol('x'), NaN, -Infinity].some(accepts), name).toBe(false);
    }
  });

  it('is in the help once, with its words and its default', async () => {
    const { stdout } = await run(['train', '--help']);
    const entries = stdout.split(/\n {2}(?=--)/).map((entry) => entry.replace(/\s+/g, ' '));
    for (const name of names) {
      const { kind, describe: text, words, default: value, defaultInWords } = optionOf(name);
      const flag = kind === 'flag' && value === true ? `--no-${kebabCase(name)}` : flagOf(name);
      const found = entries.filter((entry) => entry.startsWith(`${flag} `));
      expect(found, name).toHaveLength(1);
      expect(found[0]).toContain(text);
      if (words.length > 0) expect(found[0]).toContain(words.join('|'));
      const shown = defaultInWords ?? (kind === 'flag' ? undefined : value);
      if (shown !== undefined) expect(found[0]).toContain(`default ${`${shown as string | number}`})`);
    }
  });

  it.each(names)(
    '%s is taken from the command line and from an option file, under either of its names',
    async (name) => {
      const value = anotherValue(name);
      const word = optionOf(name).kind !== 'flag' ? [flagOf(name), String(value)] : [value ? flagOf(name) : `--no-${kebabCase(name)}`]; // prettier-ignore
      expect((await parse('train', ...word))[name]).toBe(value);
      const file = join(scratchFolder(), 'options.json');
      for (const key of [name, kebabCase(name)]) {
        writeFileSync(file, JSON.stringify({ [key]: value }));
        expect((await parse('train', '--config', file))[name]).toBe(value);
      }
      expect(camelCase(kebabCase(name))).toBe(name);
    },
  );

  it('is in a checkpoint exactly if a run is to keep it, with the range of the command line', () => {
    const given: TrainOptions = { ...complete, ...Object.fromEntries(names.map((name) => [name, anotherValue(name)])) };
    const options = newRunOptions({ ...given, preset: 'seed' });
    expect(Object.keys(options).sort()).toEqual([...kept].sort());
    for (const name of kept) {
      expect(options[name]).toBe(anotherValue(name));
      expect(v.safeParse(optionsSchema, { ...options, [name]: 'no such value' }).success, name).toBe(false);
    }
    expect(v.parse(optionsSchema, JSON.parse(JSON.stringify(options)))).toEqual(options);
  });

  it('keeps, changes or replaces its value in a resumed run, as its role says', () => {
    for (const name of names) {
      const value = anotherValue(name);
      const { role } = optionOf(name);
      const resumed = () => resumedRunOptions({ [name]: value }, complete, 'a.safetensors');
      if (role === 'fixed' || name === 'preset') {
        expect(resumed, name).toThrow(`${flagOf(name)} must be `);
        if (role === 'fixed') expect(resumedRunOptions({ [name]: complete[name as 'seed'] }, complete, 'a')).toEqual(complete); // prettier-ignore
      } else if (role === 'free') {
        expect(resumed(), name).toEqual({ ...complete, [name]: value });
      } else if (role === 'limit') {
        const { steps, ...unlimited } = complete;
        expect(steps).toBe(100);
        expect(resumed(), name).toEqual({ ...unlimited, [name]: value });
      } else {
        expect(resumed(), name).toEqual(complete);
      }
    }
  });

  it('that takes a text is known as one that is written to or not, and only the former refuses a dash', async () => {
    const texts = names.filter((name) => optionOf(name).kind === 'text');
    const others = ['checkpointEvery', 'resume', 'initFrom', 'device', 'workers'];
    const written = ['checkpoint', 'metrics', 'tensorboard', 'plot'] as const;
    expect([...texts].sort()).toEqual([...written, ...others].sort());
    const wrong = (name: string) =>
      new RegExp(`${flagOf(name)} must name a (file|folder), but got '-', which stands for`);
    for (const name of written) {
      expect(optionOf(name).accepts('-'), name).toBe(false);
      expect(() => optionOf(name).check(flagOf(name), '-')).toThrow(wrong(name));
      await expect(parse('train', flagOf(name), '-')).rejects.toThrow(wrong(name));
      const file = join(scratchFolder(), 'options.json');
      writeFileSync(file, JSON.stringify({ [name]: '-' }));
      await expect(parse('train', '--config', file)).rejects.toThrow(wrong(name));
    }
    await expect(parse('page', 'a.safetensors', '--out', '-')).rejects.toThrow(wrong('out'));
    expect(TRAIN_OPTIONS.checkpoint.accepts('./-')).toBe(true);
    for (const name of ['resume', 'initFrom', 'device', 'workers'] as const)
      expect(optionOf(name).accepts('-')).toBe(true);
  });

  it('that a preset sets is one that decides what a run learns', () => {
    for (const values of Object.values(PRESETS)) for (const name of Object.keys(values)) expect(FIXED).toContain(name);
  });
});
