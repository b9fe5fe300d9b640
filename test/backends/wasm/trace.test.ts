import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { opByOp, type TensorFunction } from '../../../src/model/tensor/compile.js';
import { tensorBackend } from '../../../src/backends/active-backend.js';
import { loadWasm } from '../../../src/backends/wasm/load.js';
import { traceWasm } from '../../../src/backends/wasm/trace.js';
import { wasmBackend } from '../../../src/backends/wasm/wasm-backend.js';
import { Random } from '../../../src/sampling/random.js';
import { PLAIN_SAMPLING, textDraws } from '../../../src/sampling/sampler.js';
import type { TrainableModel } from '../../../src/model/trainable-model.js';
import { TensorModel } from '../../../src/model/tensor/tensor-model.js';
import { describeBackend } from '../../model/describe-backend.js';
import { type Problem, problem, trainModel, windows } from '../../model/problem.js';

const STEPS = 200;
const SIZES = [1, 8].flatMap((batchSize) => [1, 25].map((seqLength) => ({ batchSize, seqLength })));

/** The same model twice: recorded, and op by op. */
function models({ config, state }: Problem): [TrainableModel, TrainableModel] {
  const [recorded, plain] = [traceWasm, opByOp].map(
    (compile) => new TensorModel(tensorBackend('wasm', compile), config, state),
  );
  return [recorded, plain];
}

await describeBackend('a function traced on wasm', loadWasm, { compile: true }, (runtime) => {
  it('is what the runtime says that it uses', () => {
    expect(runtime.description).toMatch(/^TensorFlow\.js 4\.22\.0 on WebAssembly, recorded$/);
  });

  describe.each(SIZES)('gives what it gives op by op, bit for bit, with B $batchSize and T $seqLength', (sizes) => {
    const of = problem({ ...sizes, hiddenSize: 21 });

    it.each([1, 4, 10])('over 200 steps, %i windows a call', async (count) => {
      const [recorded, plain] = models(of);
      expect(await trainModel(recorded, of, STEPS, count)).toEqual(await trainModel(plain, of, STEPS, count));
      expect(await recorded.read()).toEqual(await plain.read());
      recorded.dispose();
      plain.dispose();
    });

    it('in gradients, evaluation and generated text', async () => {
      const [recorded, plain] = models(of);
      const { inputs, targets } = windows(of, 0);
      const draws = textDraws(new Random(3), 40, PLAIN_SAMPLING);
      const results = [recorded, plain].map(async (model) => {
        await trainModel(model, of, 3);
        const evaluator = model.evaluator(await model.readHidden(), of.config.seqLength);
        evaluator.add(
          inputs,
          targets,
          Float32Array.from(inputs, (_, i) => i % 2),
        );
        evaluator.add(targets, inputs, new Float32Array(inputs.length).fill(1));
        const total = await evaluator.totals();
        evaluator.dispose();
        return [await model.gradients(inputs, targets), total, await model.generate(5, draws, PLAIN_SAMPLING)];
      });
      expect(await results[0]).toEqual(await results[1]);
      recorded.dispose();
      plain.dispose();
    });
  });

  it('uses the weights of this run, not those that it was traced with', () => {
    const [x, first, second] = [tf.ones<tf.Rank.R2>([1, 2]), tf.eye(2), tf.fill<tf.Rank.R2>([2, 2], 3)];
    const fn: TensorFunction = (a, b) => [tf.matMul(tf.matMul(a, b), tf.add(b, 1))];
    const traced = traceWasm(fn, [x, first]);
    const values = [first, second, first].map((weights) => [...traced.run([x, weights])[0].dataSync()]);
    expect(values).toEqual([[3, 3], [48, 48], [3, 3]]); // prettier-ignore
    traced.dispose();
  });

  it('does not look again at arrays that the caller refills', async () => {
    const of = problem();
    const [recorded, plain] = models(of);
    const { inputs, targets, rates } = windows(of, 0);
    for (let step = 0; step < 5; step++) {
      const fresh = windows(of, step);
      plain.train(fresh.inputs, fresh.targets, fresh.rates);
      inputs.set(fresh.inputs);
      targets.set(fresh.targets);
      recorded.train(inputs, targets, rates);
      [inputs, targets, rates].forEach((array) => array.fill(0));
      rates.set(fresh.rates);
    }
    expect(await recorded.losses()).toEqual(await plain.losses());
    expect(await recorded.read()).toEqual(await plain.read());
    recorded.dispose();
    plain.dispose();
  });

  it('clips, and leaves what is not a number as it is', () => {
    const values = tf.tensor1d([NaN, Infinity, -Infinity, 0, 0.25, 3, -3, 0.5]);
    const traced = traceWasm((x) => [tf.square(tf.clipByValue(tf.add(x, 0), -0.5, 0.5))], [values]);
    expect([...traced.run([values])[0].dataSync()]).toEqual([NaN, 0.25, 0.25, 0, 0.0625, 0.25, 0.25, 0.25]);
    traced.dispose();
  });

  it('gives new outputs that later runs leave alone', () => {
    const traced = traceWasm((x) => [tf.square(x), tf.neg(x)], [tf.zeros([3])]);
    const first = traced.run([tf.tensor1d([1, 2, 3])]);
    const second = traced.run([first[0]]);
    traced.dispose();
    expect([...first, ...second].map((tensor) => [...tensor.dataSync()])).toEqual([
      [1, 4, 9],
      [-1, -2, -3],
      [1, 16, 81],
      [-1, -4, -9],
    ]);
  });

  it('keeps tensors from outside as constants with the value that they had', () => {
    const variable = tf.variable(tf.tensor1d([1, 2, 3]));
    const [computed, both] = [tf.square(variable), tf.tensor1d([5, 5, 5])];
    const traced = traceWasm(
      (x) => [tf.add(x, variable), tf.mul(tf.reshape(computed, [3, 1]), x), tf.sub(x, both)],
      [both],
    );
    variable.assign(tf.zeros([3]));
    computed.dispose();
    const values = traced.run([tf.tensor1d([10, 20, 30])]).map((output) => [...output.dataSync()]);
    expect(values).toEqual([[11, 22, 33], [10, 20, 30, 40, 80, 120, 90, 180, 270], [5, 15, 25]]); // prettier-ignore
    traced.dispose();
  });

  it('leaves tensors and wasm memory as they were after 100 functions traced, run and disposed', () => {
    const heavy: TensorFunction = (x) => [tf.mul(tf.sum(tf.matMul(tf.ones([512, 512]), tf.fill([512, 512], 2))), x)];
    const once = (i: number) => {
      const input = tf.scalar(i);
      const traced = traceWasm(heavy, [input]);
      const outputs = traced.run([input]);
      expect(outputs[0].dataSync()[0]).toBe(i * 2 * 512 ** 3);
      traced.dispose();
      tf.dispose([input, outputs]);
    };
    for (let i = 0; i < 3; i++) once(i);
    const before = [tf.memory().numTensors, tf.memory().numDataBuffers, wasmBackend().wasm.HEAPU8.length];
    for (let i = 0; i < 100; i++) once(i);
    expect([tf.memory().numTensors, tf.memory().numDataBuffers, wasmBackend().wasm.HEAPU8.length]).toEqual(before);
  });

  it('works when wasm memory has grown and moved', () => {
    const traced = traceWasm((x) => [tf.gather(tf.tanh(x), tf.tensor1d([1, 0], 'int32'))], [tf.zeros([2])]);
    const { buffer } = wasmBackend().wasm.HEAPU8;
    const large = tf.zeros([buffer.byteLength / 4]);
    expect(wasmBackend().wasm.HEAPU8.buffer).not.toBe(buffer);
    expect([...traced.run([tf.tensor1d([0, 20])])[0].dataSync()]).toEqual([1, 0]);
    large.dispose();
    traced.dispose();
  });
});
