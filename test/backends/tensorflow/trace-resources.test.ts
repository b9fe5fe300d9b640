import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, expect, it } from 'vitest';
import { loadTensorflow } from '../../../src/backends/tensorflow/load.js';
import { type Binding, nativeBackend } from '../../../src/backends/tensorflow/native-backend.js';
import { trace } from '../../../src/backends/tensorflow/trace.js';
import type { TensorFunction } from '../../../src/model/tensor/compile.js';
import { describeBackend } from '../../model/describe-backend.js';

/** `os.tmpdir()` of this process, so that what a trace leaves there shows. */
const folder = mkdtempSync(join(tmpdir(), 'min-char-rnn-test-'));
const before = process.env.TMPDIR;
process.env.TMPDIR = folder;

afterAll(() => {
  process.env.TMPDIR = before ?? '';
  rmSync(folder, { recursive: true });
});

const MIB = 2 ** 20;

/** A function with a constant of a megabyte, so that a graph that is kept shows in the process's memory. */
const heavy: TensorFunction = (x) => [tf.mul(tf.sum(tf.ones([512, 512])), x)];

await describeBackend('tracing over and over', loadTensorflow, { compile: true }, () => {
  it('leaves neither tensors nor memory nor files behind after 200 functions traced, run and disposed', () => {
    traceMany(50);
    const [tensors, memory] = [tf.memory().numTensors, process.memoryUsage().rss];
    traceMany(200);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(process.memoryUsage().rss - memory).toBeLessThan(100 * MIB);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('removes its folder when TensorFlow refuses the graph', () => {
    const { binding } = nativeBackend();
    const seen: string[][] = [];
    nativeBackend().binding = withUnknownOp(binding, seen);
    expect(() => trace(heavy, [tf.scalar(1)])).toThrow("Op type not registered 'Mux'");
    nativeBackend().binding = binding;
    expect(seen).toEqual([['saved_model.pb']]);
    expect(readdirSync(folder)).toEqual([]);
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

/** A binding that puts an op which TensorFlow does not have into each graph; @param seen the files that it finds. */
function withUnknownOp(binding: Binding, seen: string[][]): Binding {
  const names = Object.getOwnPropertyNames(binding);
  const copy = Object.fromEntries(names.map((name) => [name, Reflect.get(binding, name) as unknown]));
  const loadSavedModel: Binding['loadSavedModel'] = (path, tags) => {
    const file = join(path, 'saved_model.pb');
    const graph = readFileSync(file, 'latin1');
    expect(graph).toContain('Mul');
    writeFileSync(file, graph.replaceAll('Mul', 'Mux'), 'latin1');
    seen.push(readdirSync(path));
    return binding.loadSavedModel(path, tags);
  };
  return { ...copy, loadSavedModel } as unknown as Binding;
}
