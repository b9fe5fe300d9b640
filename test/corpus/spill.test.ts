import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CachePlace } from '../../src/corpus/cache.js';
import { SymbolEncoder } from '../../src/corpus/encoder.js';
import { Spill } from '../../src/corpus/spill.js';
import { UserError } from '../../src/errors.js';
import { scratchFolder } from '../scratch-folder.js';

const failure = (code?: string) => Object.assign(new Error('the disk says no'), code === undefined ? {} : { code });

/** A place in a cache, and the folder of that cache, which is not there yet. */
function placed(): { folder: string; place: CachePlace } {
  const folder = join(scratchFolder(), 'cache');
  const place = CachePlace.of(folder, ['/texts/a.txt'], [], 'utf-8');
  if (!place) throw new Error('no texts are recognised as what they are');
  return { folder, place };
}

function withTemporaryFolder(folder: string): void {
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** What a spill throws when the file cannot be put in its place. */
async function failedFinish(error: Error): Promise<unknown> {
  const { place } = placed();
  vi.spyOn(place, 'finish').mockRejectedValue(error);
  const spill = new Spill(place);
  onTestFinished(() => spill.discard());
  return spill.finish(new SymbolEncoder('utf-8', () => undefined).statistics()).catch((thrown: unknown) => thrown);
}

describe('a text that cannot be written to a file', () => {
  it.each([
    ['ENOSPC', 'its disk is full; make room, or set MIN_CHAR_RNN_CACHE to another folder'],
    ['EDQUOT', 'its disk is full; make room, or set MIN_CHAR_RNN_CACHE to another folder'],
    ['EIO', 'the disk says no; set MIN_CHAR_RNN_CACHE to another folder'],
  ])('is refused in one line: %s', async (code, line) => {
    const error = await failedFinish(failure(code));
    expect(error).toBeInstanceOf(UserError);
    const { message } = error as UserError;
    expect(message).toMatch(/^a text too large for memory must be encoded in a file, but in '.*cache' that fails: /);
    expect(message.endsWith(`that fails: ${line}`), message).toBe(true);
  });

  it('is a bug where the system says nothing', async () => {
    const bug = failure();
    expect(await failedFinish(bug)).toBe(bug);
    const { place } = placed();
    vi.spyOn(place, 'begin').mockImplementation(() => {
      throw bug;
    });
    expect(() => new Spill(place)).toThrow(bug);
  });

  it('is refused with the variable that moves temporary files, and the folder, where it has no place in the cache', () => {
    const nowhere = join(scratchFolder(), 'nowhere');
    withTemporaryFolder(nowhere);
    expect(() => new Spill(undefined)).toThrow(UserError);
    expect(() => new Spill(undefined)).toThrow(
      new RegExp(`in a file, but in '${nowhere}' that fails: ENOENT.*; set TMPDIR to another folder$`),
    );
  });

  it('is refused with that variable when the cache cannot be written to either', () => {
    const { place } = placed();
    vi.spyOn(place, 'begin').mockImplementation(() => {
      throw failure('EROFS');
    });
    withTemporaryFolder('/nowhere');
    expect(() => new Spill(place)).toThrow(/set TMPDIR to another folder$/);
  });

  it('leaves nothing behind when it is discarded', () => {
    const { folder, place } = placed();
    const spill = new Spill(place);
    spill.write(Uint8Array.of(1, 2, 3));
    expect(readdirSync(folder)).toHaveLength(1);
    spill.discard();
    expect(existsSync(folder) && readdirSync(folder)).toEqual([]);
  });
});
