// A thread of a worker's session: loads TensorFlow, computes parts of windows and updates weights, while the session's own
// thread answers the trainer.
import { parentPort, workerData } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { shortageOf } from '../backends/memory.js';
import { isUnavailable } from '../backends/runtime.js';
import { loadTensorflow } from '../backends/tensorflow/load.js';
import { messageOf } from '../errors.js';
import { CompiledFunctions } from '../model/tensor/compile.js';
import type { Division } from '../model/tensor/partial-window.js';
import type { Span } from '../model/tensor/shards.js';
import { PARAMETER_COUNT, tensorShapes } from '../model/tensor/tensors.js';
import { readWork, split, stateSizes, sumSizes, type Work } from './layout.js';
import { computePart, type PartResult, updateBy, uploadSums } from './parts.js';

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
 * What the thread says: that it is ready or cannot be; what a part gives; the memory of what came with
 * it, after an update; or that computing has failed.
 */
export type ThreadAnswer =
  | { readonly ready: true }
  | { readonly refusal: string }
  | { readonly result: readonly Float32Array<ArrayBuffer>[] }
  | { readonly done: Uint8Array<ArrayBuffer> }
  | { readonly failure: string };

const tell = (answer: ThreadAnswer, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(answer, transfer);

/** The weights and memories of a run, the same as the trainer's after every window. */
class Replica {
  #settings = { gradClip: 0, weightDecay: 0 };
  /** 5 parameters, 5 memories. */
  #state: tf.Tensor[] = [];
  /** After the last window, of the part that was computed. */
  #hidden: { readonly part: Span; readonly values: tf.Tensor2D } | undefined;
  /** The window whose rest is to come. */
  #open: { readonly work: Work; readonly result: PartResult } | undefined;
  /** Work that came ahead of that rest. */
  #next: Work | undefined;

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

  readonly work = (content: Uint8Array<ArrayBuffer>): void => {
    const work = readWork(content, this.division);
    if (this.#open) this.#next = work;
    else this.#compute(work);
  };

  /** Computes a part, and tells what it gives. */
  #compute(work: Work): void {
    const hidden = this.#hiddenBefore(work);
    const result = computePart(this.functions, this.#state.slice(0, PARAMETER_COUNT), hidden, work, this.division);
    hidden.dispose();
    this.#hidden = undefined;
    this.#open = { work, result };
    const all = [...result.sums, result.hidden].map((each) => each.dataSync<'float32'>() as Float32Array<ArrayBuffer>);
    tell(
      { result: all },
      all.map(({ buffer }) => buffer),
    );
  }

  #hiddenBefore({ part, window: { hidden } }: Work): tf.Tensor2D {
    const last = this.#hidden;
    if (hidden) {
      last?.values.dispose();
      return tf.tensor2d(hidden, [hidden.length / this.division.config.hiddenSize, this.division.config.hiddenSize]);
    }
    if (last?.part.first === part.first && last.part.end === part.end) return last.values;
    throw new Error('work came without the hidden state before it');
  }

  readonly rest = (content: Uint8Array<ArrayBuffer>): void => {
    if (!this.#open) throw new Error('a rest came before work');
    const { work, result } = this.#open;
    const sums = uploadSums(split(content, sumSizes(work.rest, this.division)), this.division);
    const rest = { part: work.rest, sums };
    // Without its own sums where all are given.
    const parts = rest.part.end - rest.part.first === this.division.shards ? [rest] : [result, rest];
    const update = { settings: this.#settings, parts, window: work.window, hiddens: [result.hidden] };
    const { name, make, given } = updateBy(update, this.division);
    // Of the hidden states there are those of this part alone: the weights do not depend on them.
    const before = [...this.#state, result.hidden];
    const next = this.functions.run(`${name} of ${work.part.first}-${work.part.end}`, make, [...before, ...given]);
    const [hidden, loss] = next.splice(2 * PARAMETER_COUNT);
    tf.dispose([before, given, result.sums, loss]);
    this.#state = next;
    this.#hidden = { part: work.part, values: hidden as tf.Tensor2D };
    this.#open = undefined;
    tell({ done: content }, [content.buffer]);
    this.#goOn();
  };

  #goOn(): void {
    const next = this.#next;
    this.#next = undefined;
    if (next) this.#compute(next);
  }
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
