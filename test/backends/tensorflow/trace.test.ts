import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { opByOp } from '../../../src/model/tensor/compile.js';
import { loadTensorflow } from '../../../src/backends/tensorflow/load.js';
import { trace } from '../../../src/backends/tensorflow/trace.js';
import { upload } from '../../../src/model/tensor/tensors.js';
import { trainWindows } from '../../../src/model/tensor/windows.js';
import { initialState, PARAMETER_NAMES } from '../../../src/model/parameters.js';
import { Random } from '../../../src/sampling/random.js';
import { describeBackend } from '../../model/describe-backend.js';
import { arrayDifference } from '../../model/problem.js';

const SIZE = { hiddenSize: 20, vocabularySize: 13, gradClip: 5 };
const STEPS = 200;
/** The state is compared every so many steps: at the ends of calls of 1, 4 and 10 windows alike. */
const INTERVAL = 20;
const SHAPES = [1, 8].flatMap((batchSize) => [1, 25].map((seqLength) => ({ batchSize, seqLength })));

await describeBackend('the training step traced', loadTensorflow, { compile: true }, () => {
  it.each(SHAPES)(
    'has every output of 200 steps run op by op, with B $batchSize, T $seqLength, and 1, 4 and 10 windows a call',
    (shape) => {
      const expected = run(shape, 1, opByOp);
      for (const windows of [1, 4, 10]) {
        run(shape, windows, trace).forEach((outputs, i) =>
          outputs.forEach((output, place) => {
            const where = `${windows} windows a call, output ${place} after step ${(i + 1) * INTERVAL}`;
            expect(arrayDifference(expected[i][place], output), where).toBeLessThan(1e-5);
          }),
        );
      }
    },
  );
});

/** The outputs of `trainWindows`, the losses of a whole interval joined, after every interval of steps. */
function run(
  { batchSize, seqLength }: { batchSize: number; seqLength: number },
  windows: number,
  compile: typeof trace,
): Float32Array[][] {
  const config = { ...SIZE, batchSize, seqLength };
  const random = new Random(11);
  const initial = initialState(config, batchSize, 'scaled', random);
  let state: tf.Tensor[] = [
    ...PARAMETER_NAMES.map((name) => upload(name, initial.parameters[name], config)),
    ...PARAMETER_NAMES.map((name) => upload(name, initial.memories[name], config)),
    tf.zeros([batchSize, SIZE.hiddenSize]),
  ];
  const text = symbols(STEPS * seqLength * batchSize, random);
  const rates = tf.fill([windows], 0.01);
  const arguments_ = (step: number) => [part(text, step, windows), part(text.map(successor), step, windows), rates];
  const step = compile(trainWindows(config, windows), [...state, ...arguments_(0)]);
  const results: Float32Array[][] = [];
  let losses: number[] = [];
  for (let done = 0; done < STEPS;) {
    const outputs = step.run([...state, ...arguments_(done)]);
    done += windows;
    state = outputs.slice(0, -1);
    losses.push(...outputs[11].dataSync());
    if (done % INTERVAL !== 0) continue;
    results.push([...state.map((tensor) => tensor.dataSync<'float32'>().slice()), Float32Array.from(losses)]);
    losses = [];
  }
  step.dispose();
  return results;
}

function symbols(length: number, random: Random): Int32Array {
  return Int32Array.from({ length }, () => Math.floor(random.uniform() * SIZE.vocabularySize));
}

/** A rule that can be learned: what follows a symbol. */
const successor = (symbol: number) => (symbol * 3 + 1) % SIZE.vocabularySize;

function part(text: Int32Array, step: number, windows: number): tf.Tensor1D {
  const size = text.length / STEPS;
  return tf.tensor1d(text.slice(step * size, (step + windows) * size), 'int32');
}
