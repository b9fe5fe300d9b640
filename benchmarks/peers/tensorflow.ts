import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import { tellAbsent } from '../../src/bench/protocol.js';
import { messageOf } from '../../src/errors.js';
import { BINDING_NAME } from '../../src/native/binding.js';
import { nativeStatus } from '../../src/native/status.js';

/** The module `@tensorflow/tfjs-node`. */
export type Tensorflow = typeof import('@tensorflow/tfjs-node');

/**
 * Loads tfjs-node as anyone would, with its own defaults, but with the binding that `setup` has built: it comes without
 * one. Where it cannot be loaded, reports that to the harness and returns undefined. Node 23 removed `isNullOrUndefined`,
 * which tfjs-node calls: it is put back.
 */
export async function loadTensorflow(): Promise<Tensorflow | undefined> {
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  const library = nativeStatus();
  if (library.kind === 'absent') {
    tellAbsent(library.reason);
    return undefined;
  }
  try {
    provideBinding(join(library.folder, BINDING_NAME));
    return await import('@tensorflow/tfjs-node');
  } catch (error) {
    tellAbsent(`@tensorflow/tfjs-node does not load: ${messageOf(error)}`);
    return undefined;
  }
}

/** Answers what tfjs-node asks for the place of its binding. */
function provideBinding(binding: string): void {
  const here = createRequire(import.meta.url);
  const tfjsNode = createRequire(here.resolve('@tensorflow/tfjs-node/package.json'));
  const finder = { loaded: true, exports: { find: () => binding } };
  tfjsNode.cache[tfjsNode.resolve('@mapbox/node-pre-gyp')] = finder as unknown as NodeJS.Module;
}
