import * as tf from '@tensorflow/tfjs-core';
import { expect, it, onTestFinished } from 'vitest';
import type { Runtime } from '../../../src/backends/runtime.js';
import { loadTensorflow } from '../../../src/backends/tensorflow/load.js';
import { smallRun, trainerOf } from '../../trainer/runs.js';
import { describeBackend } from '../../model/describe-backend.js';

/** The two methods of a backend through which arrays come and tensors go. */
interface DataStore {
  move(id: object, values: unknown, ...rest: unknown[]): void;
  disposeData(id: object, force?: boolean): boolean;
}

/**
 * TensorFlow keeps reading some arrays for as long as their tensors live (WebAssembly copies all, plain TypeScript
 * has no tensors). Notes every array that is handed to the active backend, and whether it changed while its tensor
 * lived.
 */
function watchArrays(): { handedOver: number; refilled: number } {
  const backend = tf.backend() as unknown as DataStore;
  const [move, disposeData] = [backend.move.bind(backend), backend.disposeData.bind(backend)];
  const seen = { handedOver: 0, refilled: 0 };
  const alive = new Map<object, { values: Uint8Array; before: Uint8Array }>();
  backend.move = (id, values, ...rest) => {
    if (ArrayBuffer.isView(values)) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      alive.set(id, { values: bytes, before: bytes.slice() });
      seen.handedOver++;
    }
    move(id, values, ...rest);
  };
  backend.disposeData = (id, force) => {
    const array = alive.get(id);
    if (array && !Buffer.from(array.before).equals(array.values)) seen.refilled++;
    return disposeData(id, force);
  };
  onTestFinished(() => {
    Reflect.deleteProperty(backend, 'move');
    Reflect.deleteProperty(backend, 'disposeData');
  });
  return seen;
}

function describeArrays(runtime: Runtime): void {
  it('is noticed when an array is filled again while a tensor may see it', () => {
    const seen = watchArrays();
    const values = new Float32Array(100);
    const tensor = tf.tensor1d(values);
    tf.dispose(tf.add(tensor, 1));
    values.fill(1);
    tensor.dispose();
    expect(seen.refilled).toBe(1);
  });

  it('never happens in training, sampling and validating', async () => {
    const seen = watchArrays();
    const trainer = trainerOf(runtime, smallRun({ steps: 200, validationFraction: 0.2, batchSize: 2 }));
    let events = 0;
    for await (const event of trainer.run()) events += event.type === 'progress' ? 0 : 1;
    await trainer.snapshot();
    trainer.parts.model.dispose();
    expect(events).toBeGreaterThan(10);
    expect(seen.handedOver).toBeGreaterThan(200);
    expect(seen.refilled).toBe(0);
  });
}

const title = 'an array handed to TensorFlow';
await describeBackend(`${title} by a traced graph`, loadTensorflow, { compile: true }, describeArrays);
await describeBackend(`${title} op by op`, loadTensorflow, { compile: false }, describeArrays);
