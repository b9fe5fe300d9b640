import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { loadTensorflow } from '../../../src/backends/tensorflow/load.js';
import { type Binding, nativeBackend } from '../../../src/backends/tensorflow/native-backend.js';
import { trace } from '../../../src/backends/tensorflow/trace.js';
import type { TensorFunction } from '../../../src/model/tensor/compile.js';
import { describeBackend } from '../../model/describe-backend.js';

const MIB = 2 ** 20;

/** A function with a constant of a megabyte, so that a graph that is kept shows in the process's memory. */
const heavy: TensorFunction = (x) => [tf.mul(tf.sum(tf.ones([512, 512])), x)];

await describeBackend('tracing over and over', loadTensorflow, { compile: true }, () => {
  it('leaves neither tensors nor memory behind after 200 functions traced, run and disposed', () => {
    traceMany(50);
    const [tensors, memory] = [tf.memory().numTensors, process.memoryUsage().rss];
    traceMany(200);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(process.memoryUsage().rss - memory).toBeLessThan(100 * MIB);
  });

  it('says why where TensorFlow refuses the graph, or an output that is not in it', () => {
    const { binding } = nativeBackend();
    const refusalOf = (change: Changed) => {
      nativeBackend().binding = withGraphs(binding, change);
      try {
        trace(heavy, [tf.scalar(1)]);
      } finally {
        nativeBackend().binding = binding;
      }
    };
    const unknownOp = (graph: string) => graph.replaceAll('Mul', 'Mux');
    expect(() => refusalOf((graph, outputs) => [unknownOp(graph), outputs])).toThrow("Op type not registered 'Mux'");
    expect(() => refusalOf((graph) => [graph, 'nowhere:0'])).toThrow('an input or output is not in the graph');
    expect(() => refusalOf((graph, outputs) => [graph.slice(1), outputs])).toThrow('TensorFlow refuses a graph');
  });
});

function traceMany(count: number): void {
  for (let i = 0; i < count; i++) {
    const input = tf.scalar(i);
    const traced = trace(heavy, [input]);
    const outputs = traced.run([input]);
    expect(outputs[0].dataSync()[0]).toBe(i * 512 * 512);
    traced.dispose();
    tf.dispose([input, outputs]);
  }
}

/** What becomes of a graph, byte by byte a character, and of the list of its outputs. */
type Changed = (graph: string, outputs: string) => [string, string];

/** A binding that is given other graphs than are traced. */
function withGraphs(binding: Binding, change: Changed): Binding {
  const names = Object.getOwnPropertyNames(binding);
  const copy = Object.fromEntries(names.map((name) => [name, Reflect.get(binding, name) as unknown]));
  const addFunction: Binding['addFunction'] = (name, graph, inputs, outputs) => {
    const text = Buffer.from(graph).toString('latin1');
    expect(text).toContain('Mul');
    const [changed, changedOutputs] = change(text, outputs);
    binding.addFunction(name, Buffer.from(changed, 'latin1'), inputs, changedOutputs);
  };
  return { ...copy, addFunction } as unknown as Binding;
}
