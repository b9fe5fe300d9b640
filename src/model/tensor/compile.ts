import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from '../../options/choices.js';

/** A pure function of tensors: no reading of values, no state, so that it can be run as it is or traced once. */
export type TensorFunction = (...inputs: tf.Tensor[]) => tf.Tensor[];

/** A tensor function made ready to run many times with tensors of the same shapes. */
export interface Compiled {
  /** Runs it; the caller disposes what it returns. */
  run(inputs: tf.Tensor[]): tf.Tensor[];
  dispose(): void;
}

/**
 * Makes a function ready to run. @param examples tensors of the shapes and dtypes that it will be called with.
 * @param replaced how many of the first outputs take the place of the first inputs, shape by shape: these a caller gives
 * away and must dispose of unread, because a backend may write the outputs over them.
 */
export interface Compile {
  (fn: TensorFunction, examples: tf.Tensor[], replaced?: number): Compiled;
  /** Whether it makes a repeated function ready in the time and memory of one turn. */
  readonly inTurns?: boolean;
}

/**
 * Runs a piece of work that is done when it returns, on one backend; what is active before is so afterwards. Ops that
 * come after an `await` need another.
 */
export type RunOn = <Result>(work: () => Result) => Result;

/** A TensorFlow.js backend as models compute on it. Several may be in use at once, each while one of its pieces runs. */
export interface TensorBackend {
  readonly name: BackendName;
  /** How it makes a function ready to run. */
  readonly compile: Compile;
  readonly run: RunOn;
}

/** Runs a function op by op: works on every backend. */
export const opByOp: Compile = (fn) => ({
  run: (inputs) => tf.tidy(() => fn(...inputs)),
  dispose() {},
});

/** Functions that are made ready when they are first run, each once. */
export class CompiledFunctions {
  readonly #ready = new Map<string, Compiled>();

  constructor(private readonly on: Pick<TensorBackend, 'compile' | 'run'>) {}

  /**
   * Runs a function; the caller disposes what it returns.
   * @param name of the function for inputs of these shapes; @param make gives the function where the name is new;
   * @param replaced see `Compile`.
   */
  run(name: string, make: () => TensorFunction, inputs: tf.Tensor[], replaced = 0): tf.Tensor[] {
    return this.on.run(() => {
      const compiled = this.#ready.get(name) ?? this.on.compile(make(), inputs, replaced);
      this.#ready.set(name, compiled);
      return compiled.run(inputs);
    });
  }

  dispose(): void {
    this.#ready.forEach((compiled) => compiled.dispose());
    this.#ready.clear();
  }
}

/** A check that inputs have the shapes and dtypes of the examples that a function was traced with. */
export function signatureCheck(examples: tf.Tensor[]): (inputs: tf.Tensor[]) => void {
  // Strings are made for messages alone: they would be an eighth of what a call takes besides its steps.
  const signature = examples.map(({ dtype, shape }) => ({ dtype, shape: [...shape] }));
  return (inputs) => {
    if (inputs.length !== signature.length) {
      throw new Error(`a traced function takes ${signature.length} tensors, but got ${inputs.length}; pass them all`);
    }
    inputs.forEach((input, i) => {
      if (input.isDisposed) throw new Error(`input ${i} of a traced function must be there, but was disposed of`);
      const wanted = signature[i];
      if (input.dtype === wanted.dtype && tf.util.arraysEqual(input.shape, wanted.shape)) return;
      const [must, is] = [wanted, input].map(describe);
      throw new Error(`input ${i} of a traced function must be ${must}, but is ${is}; trace for this shape`);
    });
  };
}

const describe = ({ dtype, shape }: Pick<tf.Tensor, 'dtype' | 'shape'>): string => `${dtype} [${shape.join(', ')}]`;
