import { describe, expect, it } from 'vitest';
import { Model, openCorpus, train, type TrainOptions, UserError } from '../../src/index.js';
import { inLibraryNames } from '../../src/options/library-names.js';
import { flagOf } from '../../src/options/names.js';
import { EVALUATING, GENERATING, TRAINING } from '../../src/library/options.js';
import type { OptionTable } from '../../src/options/option.js';
import { SMALL, TEXT } from './models.js';

const wrong = Object.entries({
  NaN: NaN,
  Infinity: -Infinity,
  null: null,
  object: {},
  array: [],
  symbol: Symbol('x'),
  huge: -1e99,
  empty: '',
  NUL: '\0',
});

/** The message of the mistake that some work is refused for. */
async function refusalOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('every option of the library', () => {
  const model = train(TEXT, SMALL).model();

  it.each<[string, OptionTable, (model: Model, given: object) => unknown]>([
    ['train', TRAINING, (_model, given) => train(TEXT, given)],
    ['generate', GENERATING, (model, given) => model.generate(given)],
    ['evaluate', EVALUATING, (model, given) => model.evaluate(TEXT, given)],
  ])('of %s is checked by the table before anything starts, in its library name', async (_name, table, use) => {
    const trained = await model;
    for (const option of Object.keys(table)) {
      for (const [what, value] of wrong) {
        const message = await refusalOf(() => use(trained, { [option]: value }));
        expect(message, `${option}: ${what}`).toMatch(new RegExp(`^${option} must .*; `));
        expect(message).not.toContain('--');
      }
    }
    const misspelt = `${Object.keys(table)[0]}x`;
    expect(await refusalOf(() => use(trained, { [misspelt]: 8 }))).toMatch(
      new RegExp(`^every option must be a known one, but got '${misspelt}'; did you mean `),
    );
  });

  it('that was once saved and then refused is refused at once', () => {
    const once: object[] = [
      { steps: Infinity },
      { gradClip: Infinity },
      { temperature: 0 },
      { reportEvery: 0.5 },
      { encoding: 'utf8' },
      { minutes: NaN },
      { hiddenSize: 0 },
    ];
    for (const given of once) expect(() => train(TEXT, given), JSON.stringify(given)).toThrow(UserError);
  });

  it('that contradicts another is refused before the text is looked at', async () => {
    expect(await refusalOf(() => train('', { preset: 'fast' }))).toContain("or learningRateDecay: 'none'");
    expect(await refusalOf(() => train('', { patience: 3 }))).toContain('add validationFraction: 0.1');
  });

  it('that contradicts the text is refused in its library name', async () => {
    const messageFor = (text: string, given: TrainOptions) => refusalOf(() => train(text, given).finish());
    expect(await messageFor('abc', {})).toMatch(/\(seqLength \+ 1\).*smaller seqLength$/);
    expect(await messageFor('aaaa', {})).toContain('2 different symbols or more');
    expect(await messageFor('aaab', { minCount: 9 })).toContain('minCount: 9 leaves only one');
    expect(await messageFor('package.json', {})).toContain("pass await openCorpus('package.json') instead");
    expect(await messageFor(TEXT, { backend: 'wasm', device: 'gpu' })).toContain(
      "device must be cpu with backend: 'wasm'",
    );
    const opened = await openCorpus('package.json');
    await expect(train(opened, { encoding: 'bytes' }).model()).rejects.toThrow(
      "encoding must be utf-8, as 'package.json'",
    );
    await expect(train(opened, { minCount: 2 }).model()).rejects.toThrow('minCount must be 1');
    const from = await train(TEXT, SMALL).model();
    await expect(train(opened, { from }).model()).rejects.toThrow('openCorpus(path, { vocabulary: model.vocabulary })');
    await expect(from.evaluate(opened)).rejects.toThrow('openCorpus(path, { vocabulary: model.vocabulary })');
  });

  it('has its library name in any message about it', () => {
    for (const name of Object.keys(TRAINING)) expect(inLibraryNames(`a ${flagOf(name)}, b`)).toBe(`a ${name}, b`);
    expect(inLibraryNames('give --encoding bytes or --steps 5')).toBe("give encoding: 'bytes' or steps: 5");
    expect(inLibraryNames('npm ci --ignore-scripts x; --device must be cpu')).toBe(
      'npm ci --ignore-scripts x; device must be cpu',
    );
  });

  it('and every argument refuses what is of another kind', async () => {
    expect(() => train(TEXT, null as never)).toThrow('options must be an object');
    expect(() => train(TEXT, { signal: {} as never })).toThrow('signal must be an AbortSignal');
    expect(() => train(TEXT, { from: {} as never })).toThrow('a model must come from train or Model.load');
    await expect(train(5 as never, SMALL).model()).rejects.toThrow(
      'the text must be a string, bytes, or what openCorpus',
    );
    await expect(Model.load(Uint8Array.of(1, 2, 3))).rejects.toThrow(UserError);
    await expect(Model.load('no-such-file')).rejects.toThrow("the checkpoint 'no-such-file' must be a readable file");
  });
});
