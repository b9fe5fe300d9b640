import type { CacheEntry } from '../../corpus/cache.js';
import { codeOf, messageOf, UserError } from '../../errors.js';
import { likely, type OptionTable } from '../../options/option.js';
import { defineCommand } from '../grammar/command.js';
import { formatBytes, formatCount } from '../../format/numbers.js';
import { printable } from '../../format/printable.js';

const ACTIONS = ['info', 'clear'] as const;

/** `cache`: says where the encoded forms of large texts are and how large, or removes them. */
export const cacheCommand = defineCommand<OptionTable, { action?: string }>(
  'cache [action]',
  'list the encoded forms of large texts (info), or remove them (clear)',
  {},
  async ({ action = 'info' }) => {
    const known = ACTIONS.find((name) => name === action);
    if (known) return runCache(known, process.stdout);
    const advice = likely(action, ACTIONS, 'cache ');
    throw new UserError(`cache must be followed by ${ACTIONS.join(' or ')}, but got '${action}'; ${advice}`);
  },
);

/** @throws UserError where the cache may not be read or written. */
async function runCache(action: (typeof ACTIONS)[number], out: NodeJS.WritableStream): Promise<void> {
  const { clearCache, corpusCacheFolder, listCache } = await import('../../corpus/cache.js');
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
  if (sources === undefined) return '(unfinished, broken or of an older version)';
  return sources.length === 1 ? sources[0] : `${sources[0]} and ${formatCount(sources.length - 1)} more`;
}
