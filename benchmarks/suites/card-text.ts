import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WINDOWS_PER_CALL } from '../contestants/card-contestants.js';
import type { Size } from '../../src/bench/request.js';

/** Windows of an epoch at least: going back to the start of the text is to cost nothing that counts. */
const LEAST_WINDOWS = 64;

/** Every number of windows a call divides this one, so no call is cut at the end of the text. */
const MOST_WINDOWS_PER_CALL = Math.max(...WINDOWS_PER_CALL);

/**
 * Writes a text for a size with many streams, which would read a usual text in a few windows: the corpus over and over,
 * at least once in whole, cut where each stream has read a multiple of the most windows of a call.
 * @param folder where it is put; @returns its path.
 */
export async function writeCardText(size: Size, corpus: string, folder: string): Promise<string> {
  const characters = Array.from(await readFile(corpus, 'utf8'));
  const length = lengthFor(size, characters.length);
  const whole = Math.floor(length / characters.length);
  const text = characters.join('').repeat(whole) + characters.slice(0, length % characters.length).join('');
  const path = join(folder, `card-text-${size.batchSize}-${size.seqLength}.txt`);
  await writeFile(path, text);
  return path;
}

/** In characters: B streams of W windows of T steps, and T + 1 characters after the last of them, see `Streams`. */
function lengthFor({ batchSize: B, seqLength: T }: Size, atLeast: number): number {
  const windows = Math.max(LEAST_WINDOWS, Math.ceil((atLeast / B - T - 1) / T));
  const W = Math.ceil(windows / MOST_WINDOWS_PER_CALL) * MOST_WINDOWS_PER_CALL;
  return B * (W * T + T + 1);
}
