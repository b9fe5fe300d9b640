import { resolve } from 'node:path';
import envPaths from 'env-paths';

/** The user's cache folder of this program: MIN_CHAR_RNN_CACHE, else where the system keeps caches. */
export function cacheRoot(): string {
  const chosen = process.env.MIN_CHAR_RNN_CACHE;
  // Absolute, as links point into it.
  return resolve(chosen === undefined || chosen === '' ? envPaths('min-char-rnn', { suffix: '' }).cache : chosen);
}
