import { type CacheEntry, clearCache, corpusCacheFolder, listCache } from '../../corpus/cache.js';
import { codeOf, messageOf, UserError } from '../../errors.js';
import type { CacheAction } from './cache-command.js';
import { formatBytes, formatCount, printable } from '../display/format.js';

/** `cache`: tells where the encoded texts are and how large, or removes them. @throws UserError where it may not. */
export function runCache(action: CacheAction, out: NodeJS.WritableStream): void {
  const folder = corpusCacheFolder();
  try {
    const lines = action === 'info' ? describe(listCache(folder), folder) : [removed(clearCache(folder), folder)];
    out.write(printable(`${lines.join('\n')}\n`));
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new UserError(
      `the cache '${folder}' must be a folder that you can read and write, but ${messageOf(error)}; ` +
        'change its rights, or set MIN_CHAR_RNN_CACHE to another folder',
    );
  }
}

function describe(entries: readonly CacheEntry[], folder: string): string[] {
  return [
    `${folder}: ${amount(entries)}`,
    ...entries.map(({ bytes, sources }) => `  ${formatBytes(bytes).padStart(10)}  ${nameOf(sources)}`),
  ];
}

function removed(entries: readonly CacheEntry[], folder: string): string {
  return `${folder}: removed ${amount(entries)}`;
}

function amount(entries: readonly CacheEntry[]): string {
  if (entries.length === 0) return 'no encoded texts';
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  return `${formatCount(entries.length)} encoded text${entries.length > 1 ? 's' : ''}, ${formatBytes(bytes)}`;
}

function nameOf(sources: readonly string[] | undefined): string {
  if (sources === undefined) return '(unfinished or broken)';
  return sources.length === 1 ? sources[0] : `${sources[0]} and ${formatCount(sources.length - 1)} more`;
}
