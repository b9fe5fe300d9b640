import fc from 'fast-check';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
} from '../../src/checkpoint/checkpoint.js';
import { decodeSafetensors } from '../../src/checkpoint/safetensors.js';
import { Vocabulary } from '../../src/corpus/vocabulary.js';
import { UserError } from '../../src/errors.js';
import { scratchFolder } from '../scratch-folder.js';
import { smallCheckpoint } from './small-checkpoint.js';
import { unusable } from './unusable-checkpoints.js';
import type { Encoding } from '../../src/options/choices.js';

/** A vocabulary keeps its indices in a private map: compared by what it is made of. */
function plain({ vocabulary, ...rest }: Checkpoint): object {
  return { ...rest, vocabulary: { symbols: vocabulary.symbols, encoding: vocabulary.encoding } };
}

describe('a checkpoint', () => {
  it('comes back from its bytes as it was, to the last bit', () => {
    const checkpoint = smallCheckpoint();
    expect(plain(decodeCheckpoint(encodeCheckpoint(checkpoint), 'x'))).toEqual(plain(checkpoint));
  });

  it('comes back from its file, also where nothing has been validated and nothing limits it', async () => {
    const checkpoint = smallCheckpoint();
    const limits = new Set(['steps', 'epochs', 'minutes']);
    const kept = Object.entries(checkpoint.options).filter(([name]) => !limits.has(name));
    const options = Object.fromEntries(kept) as Checkpoint['options'];
    const fresh = { ...checkpoint, options, run: { ...checkpoint.run, best: null, validation: [], training: [] } };
    const path = join(scratchFolder(), 'run.safetensors');
    await saveCheckpoint(path, fresh);
    expect(plain(await loadCheckpoint(path))).toEqual(plain(fresh));
    expect(Object.keys((await loadCheckpoint(path)).options)).not.toContain('steps');
  });

  it('may lack what the first files of its format did not keep', () => {
    const { options, run, ...rest } = smallCheckpoint();
    const without = <T extends object>(from: T, name: string) =>
      Object.fromEntries(Object.entries(from).filter(([key]) => key !== name)) as T;
    const later = { minCount: 1, resetProbability: 0, learningRateRise: 'none', recurrentDropout: 0, weightDecay: 0 };
    const kept = Object.keys(later).reduce(without, options);
    const read = decodeCheckpoint(encodeCheckpoint({ ...rest, options: kept, run: without(run, 'pretrained') }), 'x');
    expect(read).toMatchObject({ options: later, run: { pretrained: false } });
  });

  it('has the tensors of the specification under their names, in its orientation', () => {
    const { tensors } = decodeSafetensors(encodeCheckpoint(smallCheckpoint()), 'x');
    const shapes = Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]));
    const of = (prefix: string) => ({
      [`${prefix}Wxh`]: [3, 4],
      [`${prefix}Whh`]: [3, 3],
      [`${prefix}Why`]: [4, 3],
      [`${prefix}bh`]: [3],
      [`${prefix}by`]: [4],
    });
    expect(shapes).toEqual({ ...of(''), ...of('m'), hidden: [2, 3] });
  });

  it('lists its vocabulary as characters, or as bytes', () => {
    const listed = (vocabulary: Vocabulary): unknown =>
      JSON.parse(decodeSafetensors(encodeCheckpoint(smallCheckpoint(vocabulary)), 'x').metadata.vocabulary);
    expect(listed(new Vocabulary([0x0a, 0xe4, 0x1f600], 'utf-8'))).toEqual(['\n', 'ä', '😀']);
    expect(listed(new Vocabulary([0, 10, 255], 'bytes'))).toEqual([0, 10, 255]);
  });

  it('keeps any vocabulary of characters or bytes', () => {
    const character = fc.integer({ min: 0, max: 0x10ffff }).filter((code) => code < 0xd800 || code > 0xdfff);
    const symbols = (encoding: Encoding) =>
      fc
        .uniqueArray(encoding === 'bytes' ? fc.nat(255) : character, { minLength: 1, maxLength: 60 })
        .map((symbols) => new Vocabulary(Uint32Array.from(symbols).sort().reduce<number[]>(append, []), encoding));
    fc.assert(
      fc.property(fc.oneof(symbols('utf-8'), symbols('bytes')), (vocabulary) => {
        const checkpoint = smallCheckpoint(vocabulary);
        expect(plain(decodeCheckpoint(encodeCheckpoint(checkpoint), 'x'))).toEqual(plain(checkpoint));
      }),
    );
  });
});

const append = (list: number[], value: number) => [...list, value];

describe('a file that is no usable checkpoint is refused with its name and the reason', () => {
  it.each(unusable)('$name', ({ bytes, message }) => {
    const refusal = refusalOf(() => decodeCheckpoint(bytes, 'some.safetensors'));
    expect(refusal).toMatch(/^some\.safetensors: \P{C}{1,300}$/u);
    expect(refusal).toContain(message);
  });

  it.each([
    ['that does not exist', 'missing.safetensors', 'it does not exist; check the path'],
    ['that is a folder', 'folder', 'it must be a plain file'],
    ['that is empty', 'empty', 'header length'],
  ])('one %s', async (_, name, message) => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'empty'), '');
    const path = join(folder, name);
    const thrown: unknown = await loadCheckpoint(path).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(UserError);
    expect(String(thrown)).toContain(path);
    expect(String(thrown)).toContain(message);
  });
});

function refusalOf(decode: () => unknown): string {
  try {
    decode();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('the file was taken');
}
