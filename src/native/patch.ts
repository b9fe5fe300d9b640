import { UserError } from '../errors.js';
import { TFJS_NODE_VERSION } from './variants.js';

/** A replacement in a source; what it looks for must be there exactly once. */
export interface Edit {
  readonly find: string;
  readonly replacement: string;
}

/** The sources of tfjs-node's binding that are changed before it is compiled. */
export type SourceName = 'tfjs_backend.cc' | 'tfjs_backend.h' | 'tfjs_binding.cc';

/** The edits of each source, in this order. */
export type Patch = Readonly<Partial<Record<SourceName, readonly Edit[]>>>;

/**
 * Applies an edit.
 *
 * @throws UserError where the source is not the one this was written for: the place must be there exactly once.
 */
export function applyOnce(source: string, { find, replacement }: Edit): string {
  if (source.includes(replacement)) {
    throw new UserError(
      "tfjs-node's binding source must be the original, it is patched already: " +
        `reinstall @tensorflow/tfjs-node@${TFJS_NODE_VERSION}`,
    );
  }
  const pieces = source.split(find);
  if (pieces.length !== 2) {
    throw new UserError(
      `the patch expects "${find.trim()}" exactly once in tfjs-node's binding, found ${pieces.length - 1} times: ` +
        `reinstall @tensorflow/tfjs-node@${TFJS_NODE_VERSION}`,
    );
  }
  return pieces.join(replacement);
}
