import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DivergedError, Model, openCorpus, train, type TrainingEvent, UserError } from '../../src/index.js';
import { kebabCase } from '../../src/options/names.js';
import { run, withoutTensorflow } from '../cli/processes.js';
import { scratchFolder } from '../scratch-folder.js';
import { SMALL, stateOf, TEXT } from './models.js';

const { steps: STEPS, ...OPTIONS } = SMALL;
const flagsOf = (options: object) =>
  Object.entries(options).flatMap(([name, value]) => [`--${kebabCase(name)}`, `${value as string | number}`]);

describe.concurrent('a run of the library and one of the command line', () => {
  const backends = ['pure', 'wasm', ...(withoutTensorflow.skip ? [] : ['tensorflow' as const])] as const;

  it.each(backends)(
    `are the same to the bit on %s, and go on from each other${withoutTensorflow.title}`,
    async (on) => {
      const small = { ...SMALL, backend: on };
      const flags = flagsOf({ ...OPTIONS, backend: on });
      const folder = scratchFolder();
      const [text, whole, part, further] = ['text.txt', 'whole', 'part', 'further'].map((name) => join(folder, name));
      writeFileSync(text, TEXT);
      const command = async (...args: string[]) =>
        expect((await run(['train', text, '--quiet', ...args])).code).toBe(0);
      await command(...flags, '--checkpoint', whole, '--steps', String(STEPS));
      const expected = stateOf(await Model.load(whole));
      expect(stateOf(await train(TEXT, small).finish())).toEqual(expected);

      await command(...flags, '--checkpoint', part, '--steps', '40');
      const from = await Model.load(part);
      expect(stateOf(await train(TEXT, { from, steps: 60 }).finish())).toEqual(expected);
      const opened = await openCorpus(text);
      expect(stateOf(await train(opened, { from, steps: 60 }).finish())).toEqual(expected);

      await (await train(TEXT, { ...small, steps: 40 }).finish()).save(further);
      await command('--resume', further, '--steps', '60');
      expect(stateOf(await Model.load(further))).toEqual(expected);
    },
  );
});

/** Goes through a training and leaves it at its event of an index. */
async function leaveAt(training: AsyncIterable<TrainingEvent>, index: number): Promise<TrainingEvent | undefined> {
  let count = 0;
  for await (const event of training) if (count++ === index) return event;
  return undefined;
}

describe('a training', () => {
  it('that is left at any of its events goes on as if it had not been', async () => {
    const expected = stateOf(await train(TEXT, SMALL).finish());
    const seen = new Set<string>();
    for (let index = 0; ; index++) {
      const training = train(TEXT, SMALL);
      const event = await leaveAt(training, index);
      if (!event) break;
      seen.add(event.type);
      expect(stateOf(await training.finish()), `left at event ${index}, ${event.type}`).toEqual(expected);
    }
    expect([...seen].sort()).toEqual(['end', 'progress', 'report', 'sample', 'validation']);
  });

  it('gives at any of its events a model that goes on as the training does, which it leaves alone', async () => {
    const expected = stateOf(await train(TEXT, SMALL).finish());
    const training = train(TEXT, SMALL);
    const models = [await training.model()];
    const steps: number[] = [];
    for await (const event of training) {
      models.push(await training.model());
      if (event.type === 'report') steps.push(event.step);
    }
    expect(stateOf(await training.model())).toEqual(expected);
    expect(steps).toEqual([10, 20, 30, 40, 50, 60]);
    for (const from of models) expect(stateOf(await train(TEXT, { from, backend: 'pure' }).finish())).toEqual(expected);
  });

  it('can be asked for its model while a step is computed, and by finish inside its loop', async () => {
    const expected = stateOf(await train(TEXT, SMALL).finish());
    const training = train(TEXT, SMALL);
    const asked: Promise<Model>[] = [];
    for await (const event of training) {
      asked.push(training.model());
      if (event.type === 'report' && event.step === 30) expect(stateOf(await training.finish())).toEqual(expected);
      expect(event.type === 'report' && event.step > 30).toBe(false);
    }
    for (const from of await Promise.all(asked)) {
      expect(stateOf(await train(TEXT, { from, backend: 'pure' }).finish())).toEqual(expected);
    }
  });

  it('has one loop at a time, and nothing more after its end', async () => {
    const training = train(TEXT, SMALL);
    for await (const event of training) {
      if (event.type !== 'report') continue;
      await expect(leaveAt(training, 0)).rejects.toThrow('must have one loop at a time');
    }
    expect(await leaveAt(training, 0)).toBeUndefined();
  });

  it('ends with its signal, and its model goes on from there', async () => {
    const { steps, ...endless } = SMALL;
    const controller = new AbortController();
    const reasons: string[] = [];
    const training = train(TEXT, { ...endless, signal: controller.signal });
    for await (const event of training) {
      if (event.type === 'report' && event.step === 20) controller.abort();
      if (event.type === 'end') reasons.push(event.reason);
    }
    expect(reasons).toEqual(['stopped']);
    const model = await training.model();
    expect(model.step).toBe(20);
    const expected = stateOf(await train(TEXT, SMALL).finish());
    expect(stateOf(await train(TEXT, { from: model, steps }).finish())).toEqual(expected);
  });

  it('takes weights alone from a model of another text', async () => {
    const from = await train(TEXT, SMALL).finish();
    const other = [...TEXT].reverse().join('');
    const model = await train(other, { ...SMALL, from, steps: 0 }).model();
    expect(model.step).toBe(0);
    const [a, b] = [from, model].map((each) => [...each.activations('a b').hidden[2]]);
    expect(a).not.toEqual(b);
    await expect(train(other, { from, hiddenSize: 9, steps: 1 }).model()).rejects.toThrow(
      'hiddenSize must be 8 as in the model, but got 9; leave it out',
    );
    await expect(train(TEXT, { from, learningRate: 1 }).model()).rejects.toThrow(
      'learningRate must be 0.1 as in the model, but got 1; leave it out',
    );
    await expect(train(TEXT, { from, preset: 'fast' }).model()).rejects.toThrow(/^preset must be left out/);
  });

  it('that diverges says so once, in the names of the library, and keeps the last good model', async () => {
    const training = train(TEXT, { hiddenSize: 8, learningRate: 1e5, backend: 'pure' });
    const error: unknown = await training.finish().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DivergedError);
    expect(error).toBeInstanceOf(UserError);
    expect(String((error as Error).stack)).toContain('use a smaller learningRate than 100000 or a smaller gradClip');
    const model = await training.model();
    expect(model.step).toBeLessThan((error as DivergedError).step);
    expect(model.activations('the').losses.slice(1).every(Number.isFinite)).toBe(true);
  });
});
