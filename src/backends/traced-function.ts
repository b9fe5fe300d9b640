import type * as tf from '@tensorflow/tfjs-core';
import { type Compiled, signatureCheck } from '../model/tensor/compile.js';

/**
 * Makes a recording callable: it takes only tensors like the `examples` that it was traced with, and not after `dispose()`.
 * @param run computes the outputs; @param free releases what the recording holds, once.
 */
export function tracedFunction(examples: tf.Tensor[], run: Compiled['run'], free: () => void): Compiled {
  const checkInputs = signatureCheck(examples);
  let disposed = false;
  return {
    run(inputs) {
      if (disposed) throw new Error('a traced function must not be run after dispose(); trace it again');
      checkInputs(inputs);
      return run(inputs);
    },
    dispose() {
      if (!disposed) free();
      disposed = true;
    },
  };
}

/** @throws Error for a function that reads values while it is traced. */
export function refuseReading(): never {
  throw new Error(
    'a traced function must not read the values of its tensors (dataSync, arraySync, print ...), because it is ' +
      'recorded once and its branches with it; compute with tensor ops alone or run the function op by op',
  );
}

/** @throws Error for a function that runs another traced one while it is traced. */
export function refuseNesting(): never {
  throw new Error(
    'a traced function must not run another traced function, because what that computes would not be recorded; ' +
      'call the untraced function inside, or run this one op by op',
  );
}

/** @throws Error for output `index`, which no op of the function has made. */
export function refuseOutput(index: number): never {
  throw new Error(
    `every output of a traced function must come from an op that it ran, but output ${index} is an input or a ` +
      'constant; return it from the caller instead, or pass it through an op such as tf.add(x, 0)',
  );
}
