import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eagerFunctions } from './eager-functions.js';
import { applyOnce, type Patch } from './patch.js';
import { signalGuard } from './signal-guard.js';

/** Everything that is changed: graphs as functions, and asynchronous signals blocked around the calls that compute. */
const GUARDED: readonly Patch[] = [eagerFunctions, signalGuard];

/** The changes without the guard against signals, for its tests. */
const UNGUARDED: readonly Patch[] = [eagerFunctions];

/** Names the text of the patches, in an installation's key and manifest: another text makes another binding. */
export const bindingPatchHash: string = createHash('sha256').update(JSON.stringify(GUARDED)).digest('hex');

/**
 * Patches the sources of tfjs-node's binding in their folder, which is to be a copy.
 *
 * @throws UserError where a source is not the one this was written for: each place must be there exactly once.
 */
export function patchSources(folder: string, guarded: boolean): void {
  for (const patch of guarded ? GUARDED : UNGUARDED) {
    for (const [name, edits] of Object.entries(patch)) {
      const path = join(folder, name);
      writeFileSync(path, edits.reduce(applyOnce, readFileSync(path, 'utf8')));
    }
  }
}
