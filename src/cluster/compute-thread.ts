// A thread of a worker's session: loads TensorFlow and computes parts of windows, while the session's own thread answers
// the trainer.
import { parentPort, workerData } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { shortageOf } from '../backends/memory.js';
import { isUnavailable } from '../backends/runtime.js';
import { loadTensorflow } from '../backends/tensorflow/load.js';
import { messageOf } from '../errors.js';
import { CompiledFunctions } from '../model/tensor/compile.js';
import { type Division, partialWindow, streamsOf } from '../model/tensor/partial-window.js';
import { tensorShapes } from '../model/tensor/tensors.js';
import { asIntegers, partOf, split, workSizes } from './layout.js';

/** What the thread is started with. */
export interface ThreadRequest {
  readonly division: Division;
  readonly threads: number;
}

/**
 * What the thread says: that it is ready or cannot be; what a part gives, piece by piece, and at the end the memory of
 * what was asked; or that computing has failed.
 */
export type ThreadAnswer =
  | { readonly ready: true }
  | { readonly refusal: string }
  | { readonly piece: Float32Array<ArrayBuffer> }
  | { readonly done: Uint8Array<ArrayBuffer> }
  | { readonly failure: string };

const { division, threads } = workerData as ThreadRequest;
const tell = (answer: ThreadAnswer, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(answer, transfer);

const shapes = tensorShapes(division.config);

/** Computes a part of a window, and tells what it gives: each piece is on its way while the next is read. @param content as `workSizes` says. */
function compute(functions: CompiledFunctions, content: Uint8Array<ArrayBuffer>): void {
  const part = partOf(content, division);
  const { streams } = streamsOf(part, division);
  const [, ...values] = split(content, workSizes(part, division));
  const [inputs, targets] = values.splice(-2).map((symbols) => tf.tensor1d(asIntegers(symbols), 'int32'));
  const tensors = values.map((each, i) => tf.tensor(each, shapes[i] ?? [streams, division.config.hiddenSize]));
  const given = [...tensors, inputs, targets];
  const make = () => partialWindow(part, division);
  const results = functions.run(`${part.first}-${part.end}`, make, given);
  for (const result of results) {
    const piece = result.dataSync<'float32'>() as Float32Array<ArrayBuffer>;
    tell({ piece }, [piece.buffer]);
  }
  tf.dispose([given, results]);
  tell({ done: content }, [content.buffer]);
}

async function serve(): Promise<void> {
  const { config, shards } = division;
  const shortage = shortageOf('tensorflow', { ...config, batchSize: Math.ceil((config.batchSize * threads) / shards) });
  const runtime = shortage ?? (await loadTensorflow({ size: config, compile: true, device: 'cpu' }));
  if (typeof runtime === 'string') return tell({ refusal: runtime });
  if (isUnavailable(runtime)) return tell({ refusal: runtime.reason });
  const { trace } = await import('../backends/tensorflow/trace.js');
  // This thread computes with nothing else.
  await tf.setBackend('tensorflow');
  const functions = new CompiledFunctions({ compile: trace, run: (work) => work() });
  parentPort?.on('message', (content: Uint8Array<ArrayBuffer>) => {
    try {
      compute(functions, content);
    } catch (error) {
      tell({ failure: messageOf(error) });
    }
  });
  tell({ ready: true });
}

await serve();
