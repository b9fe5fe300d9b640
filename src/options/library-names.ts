import { UserError } from '../errors.js';
import { EVAL_OPTIONS } from './eval-options.js';
import { camelCase } from './names.js';
import type { Option } from './option.js';
import { SAMPLE_OPTIONS } from './sample-options.js';
import { TRAIN_OPTIONS } from './train-options.js';

const OPTIONS: Readonly<Record<string, Option>> = { ...SAMPLE_OPTIONS, ...EVAL_OPTIONS, ...TRAIN_OPTIONS };

/**
 * A message with its options named as a program names them, for whoever calls the library: `--seq-length` is
 * `seqLength`, `--encoding bytes` is `encoding: 'bytes'`. What is no option of ours stays.
 */
export function inLibraryNames(message: string): string {
  return message.replace(/--([a-z][a-z-]*)(?: ([\w.-]*\w))?/g, (written, flag: string, next: string | undefined) => {
    const name = camelCase(flag);
    if (!Object.hasOwn(OPTIONS, name)) return written;
    if (next === undefined) return name;
    const { kind, words } = OPTIONS[name];
    if (words.includes(next)) return `${name}: '${next}'`;
    return kind === 'number' && Number.isFinite(Number(next)) ? `${name}: ${next}` : `${name} ${next}`;
  });
}

/** A user's mistake in the names of the library; anything else as it is. */
export function namedForLibrary(error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  const message = inLibraryNames(error.message);
  // The stack begins with the message, and is what Node prints of an error that nothing catches.
  if (error.stack !== undefined) error.stack = error.stack.replace(error.message, () => message);
  error.message = message;
  return error;
}
