import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Model, openCorpus, train } from '../../src/index.js';
import { run } from '../cli/processes.js';
import { scratchFolder } from '../scratch-folder.js';
import { SMALL, stateOf, TEXT } from './models.js';

/** A model that has learnt a little. */
const trained = train(TEXT, { ...SMALL, hiddenSize: 16, steps: 200 }).finish();

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

describe('a model', () => {
  it('is saved and loaded whole, as a file and as bytes, which the command line reads', async () => {
    const path = join(scratchFolder(), 'model.safetensors');
    const model = await trained;
    await model.save(path);
    await model.save(path);
    const loaded = await Model.load(path);
    expect(stateOf(loaded)).toEqual(stateOf(model));
    expect(loaded.toBytes()).toEqual(model.toBytes());
    expect(Uint8Array.from(readFileSync(path))).toEqual(Uint8Array.from(model.toBytes()));
    expect(stateOf(await Model.load(model.toBytes()))).toEqual(stateOf(model));
    expect(loaded.options).toMatchObject({ hiddenSize: 16, computedBy: { backend: 'pure' } });
    expect(loaded.step).toBe(200);
    expect(loaded.vocabulary.decode(loaded.vocabulary.encode('the'))).toBe('the');
    expect(loaded.history.training).toHaveLength(20);
    expect(loaded.history.validation).toHaveLength(10);
    expect(JSON.parse((await run(['info', path, '--json'])).stdout)).toMatchObject({ step: 200 });
  });

  it('is never saved over a file that is no checkpoint', async () => {
    const path = join(scratchFolder(), 'notes.txt');
    writeFileSync(path, 'notes');
    await expect((await trained).save(path)).rejects.toThrow('must name a new file or a checkpoint');
    expect(readFileSync(path, 'utf8')).toBe('notes');
    const nowhere = join(path, 'a', 'b');
    await expect((await trained).save(nowhere)).rejects.toThrow('Cannot save ');
    expect(existsSync(nowhere)).toBe(false);
  });

  it('generates in pieces what the command sample does with the same seed', async () => {
    const path = join(scratchFolder(), 'model.safetensors');
    const model = await trained;
    await model.save(path);
    const options = { length: 333, seed: 5, temperature: 0.8, prime: 'the ', topK: 9 };
    const flags = ['--length', '333', '--seed', '5', '--temperature', '0.8', '--prime', 'the ', '--top-k', '9'];
    const pieces: string[] = [];
    for await (const piece of model.generate(options)) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.join('')).toBe((await run(['sample', path, ...flags])).stdout.replace(/\n$/, ''));
    expect([...pieces.join('')]).toHaveLength(333);
  });

  it('generates endlessly until nobody asks, or the signal comes', async () => {
    const model = await trained;
    let text = '';
    for await (const piece of model.generate({ length: 0 })) {
      text += piece;
      if (text.length > 500) break;
    }
    expect(text.length).toBeLessThan(700);
    const controller = new AbortController();
    text = '';
    for await (const piece of model.generate({ length: 0, signal: controller.signal })) {
      text += piece;
      if (text.length > 500) controller.abort();
    }
    expect(text.length).toBeLessThan(700);
    expect(await textOf(model.generate({ signal: AbortSignal.abort() }))).toBe('');
  });

  it('of bytes generates characters whole, also where they lie across two pieces', async () => {
    const path = join(scratchFolder(), 'model.safetensors');
    const model = await train('äöü€😀 '.repeat(200), { ...SMALL, encoding: 'bytes', steps: 300 }).finish();
    await model.save(path);
    const written = (await run(['sample', path, '--seed', '3', '--length', '2000'])).bytes;
    const text = await textOf(model.generate({ seed: 3, length: 2000 }));
    expect(text).toContain('ä');
    expect(text).toBe(written.subarray(0, 2000).toString());
  });

  it('evaluates a string, bytes and files alike, and ends with its signal', async () => {
    const path = join(scratchFolder(), 'text.txt');
    writeFileSync(path, TEXT);
    const model = await trained;
    const { vocabulary } = model;
    const expected = await model.evaluate(TEXT, { backend: 'pure' });
    expect(expected.predictions).toBe(TEXT.length - 1);
    expect(expected.natsPerChar).toBeLessThan(Math.log(vocabulary.size));
    expect(await model.evaluate(Buffer.from(TEXT), { backend: 'pure' })).toEqual(expected);
    const opened = await openCorpus(path, { vocabulary });
    expect(await model.evaluate(opened, { backend: 'pure' })).toEqual(expected);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(model.evaluate(TEXT, { signal })).rejects.toThrow('enough');
    await expect(model.evaluate('№')).rejects.toThrow('must be in the model');
  });

  it('shows what it does as it reads: its losses are those of the evaluation, its probabilities sum to one', async () => {
    const model = await trained;
    const { hidden, probabilities, losses } = model.activations(TEXT);
    expect([hidden.length, probabilities.length, losses.length]).toEqual([3000, 3000, 3000]);
    expect(hidden[7]).toHaveLength(16);
    expect(hidden.every((state) => state.every((value) => Math.abs(value) <= 1))).toBe(true);
    for (const next of probabilities) expect(Math.abs(next.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-5);
    expect(losses[0]).toBeNaN();
    const symbols = model.vocabulary.encode(TEXT);
    for (let t = 1; t < 3000; t++) expect(Math.abs(losses[t] + Math.log(probabilities[t - 1][symbols[t]]))).toBeLessThan(1e-4); // prettier-ignore
    // Read from another state, which is soon forgotten.
    const { natsPerChar } = await model.evaluate(TEXT, { backend: 'pure' });
    const mean = losses.slice(1).reduce((a, b) => a + b) / 2999;
    expect(Math.abs(mean / natsPerChar - 1)).toBeLessThan(0.01);
    expect(model.activations('')).toMatchObject({ hidden: [], probabilities: [] });
    expect(() => model.activations('№')).toThrow('"№" (U+2116) at position 0');
  });
});
