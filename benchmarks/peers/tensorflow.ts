import util from 'node:util';
import { tellAbsent } from '../../src/bench/protocol.js';
import { messageOf } from '../../src/errors.js';

/** The module `@tensorflow/tfjs-node`. */
export type Tensorflow = typeof import('@tensorflow/tfjs-node');

/**
 * Loads tfjs-node as anyone would, with its own defaults. Where it cannot be loaded, reports that to the harness and returns
 * undefined. Node 23 removed `isNullOrUndefined`, which tfjs-node calls: it is put back.
 */
export async function loadTensorflow(): Promise<Tensorflow | undefined> {
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  try {
    return await import('@tensorflow/tfjs-node');
  } catch (error) {
    tellAbsent(`@tensorflow/tfjs-node does not load: ${messageOf(error)}`);
    return undefined;
  }
}
