// A thread of a worker's session: loads TensorFlow, computes parts of windows and updates weights, while the session's own
// thread answers the trainer.
import { parentPort, workerData } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { shortageOf } from '../backends/memory.js';
import { isUnavailable } from '../backends/runtime.js';
import { loadTensorflow } from '../backends/tensorflow/load.js';
import { messageOf } from '../errors.js';
import { CompiledFunctions } from '../model/tensor/compile.js';
import { type Division, joinedWindow } from '../model/tensor/partial-window.js';
import { PARAMETER_COUNT, tensorShapes } from '../model/tensor/tensors.js';
import { readWork, split, stateSizes, sumSizes, type Work } from './layout.js';
import { computePart, type PartResult, totalOf, updateInputs, uploadSums } from './parts.js';

/** What the thread is started with. */
export interface ThreadRequest {
  readonly division: Division;
  readonly threads: number;
}

/** What has come for the thread: the content of a frame of this kind. */
export interface ThreadTask {
  readonly kind: 'state' | 'work' | 'rest';
  readonly content: Uint8Array<ArrayBuffer>;
}

/**
 * What the thread says: that it is ready or cannot be; what a part gives, piece by piece; the memory of what came with
 * it, after an update; or that computing has failed.
 */
export type ThreadAnswer =
  | { readonly ready: true }
  | { readonly refusal: string }
  | { readonly piece: Float32Array<ArrayBuffer> }
  | { readonly done: Uint8Array<ArrayBuffer> }
  | { readonly failure: string };

const tell = (answer: ThreadAnswer, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(answer, transfer);

/** The weights and memories of a run, the same as the trainer's after every window. */
class Replica {
  #settings = { gradClip: 0, weightDecay: 0 };
  /** 5 parameters, 5 memories. */
  #state: tf.Tensor[] = [];
  /** The window whose rest is to come. */
  #open: { readonly work: Work; readonly result: PartResult } | undefined;

  constructor(
    private readonly division: Division,
    private readonly functions: CompiledFunctions,
  ) {}

  readonly state = (content: Uint8Array<ArrayBuffer>): void => {
    const [[gradClip, weightDecay], ...values] = split(content, stateSizes(this.division));
    const shapes = tensorShapes(this.division.config);
    tf.dispose(this.#state);
    this.#settings = { gradClip, weightDecay };
    this.#state = values.map((each, i) => tf.tensor(each, shapes[i % PARAMETER_COUNT], 'float32'));
  };

  /** Computes a part, and tells what it gives: each piece is on its way while the next is read. */
  readonly work = (content: Uint8Array<ArrayBuffer>): void => {
    const work = readWork(content, this.division);
    const result = computePart(this.functions, this.#state.slice(0, PARAMETER_COUNT), work, this.division);
    this.#open = { work, result };
    for (const each of [...result.sums, result.hidden]) {
      const piece = each.dataSync<'float32'>() as Float32Array<ArrayBuffer>;
      tell({ piece }, [piece.buffer]);
    }
  };

  readonly rest = (content: Uint8Array<ArrayBuffer>): void => {
    if (!this.#open) throw new Error('a rest came before work');
    const { work, result } = this.#open;
    this.#open = undefined;
    const rest = {
      part: work.rest,
      sums: uploadSums(split(content, sumSizes(work.rest, this.division)), this.division),
    };
    const total = totalOf(this.functions, [result, rest], this.division);
    const given = [...this.#state, result.hidden, ...updateInputs(total, work.window, [result.hidden])];
    const hasUnits = work.window.units !== undefined;
    const { gradClip, weightDecay } = this.#settings;
    const make = () => joinedWindow({ gradClip, weightDecay }, hasUnits);
    // Of the hidden states there are those of this part alone: the weights do not depend on them.
    const { first, end } = work.part;
    const next = this.functions.run(`join ${first}-${end} ${gradClip} ${weightDecay} ${hasUnits}`, make, given);
    tf.dispose([given, result.sums, rest.sums, next.splice(2 * PARAMETER_COUNT)]);
    this.#state = next;
    tell({ done: content }, [content.buffer]);
  };
}

async function serve({ division, threads }: ThreadRequest): Promise<void> {
  const { config, shards } = division;
  const shortage = shortageOf('tensorflow', { ...config, batchSize: Math.ceil((config.batchSize * threads) / shards) });
  const runtime = shortage ?? (await loadTensorflow({ size: config, compile: true, device: 'cpu' }));
  if (typeof runtime === 'string') return tell({ refusal: runtime });
  if (isUnavailable(runtime)) return tell({ refusal: runtime.reason });
  const { trace } = await import('../backends/tensorflow/trace.js');
  // This thread computes with nothing else.
  await tf.setBackend('tensorflow');
  const replica = new Replica(division, new CompiledFunctions({ compile: trace, run: (work) => work() }));
  parentPort?.on('message', ({ kind, content }: ThreadTask) => {
    try {
      replica[kind](content);
    } catch (error) {
      tell({ failure: messageOf(error) });
    }
  });
  tell({ ready: true });
}

await serve(workerData as ThreadRequest);
