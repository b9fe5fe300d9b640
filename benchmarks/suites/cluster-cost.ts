import { SMALLEST_SHARD } from '../../src/backends/tensorflow/threads.js';
import { bytesOf, resultSizes, sumSizes, workSizes } from '../../src/cluster/layout.js';
import { parameterCount } from '../../src/model/parameters.js';
import type { ModelConfig } from '../../src/model/trainable-model.js';
import { flopsPerWindow } from '../../src/trainer/schedule.js';
import { type Line, transferMs } from '../links/line.js';

/** A training window's sizes: B streams, T time steps, H hidden units, V symbols. */
export type WindowOf = Pick<ModelConfig, 'batchSize' | 'seqLength' | 'hiddenSize' | 'vocabularySize'>;

/**
 * What a training step of a size costs, in ms: all that a cluster's time is made of, but for the line between. Of what
 * is not divided, the most goes through every weight once: updates, sums, copies.
 */
export interface StepCost {
  /** Divided among threads, wherever they are; of one. */
  readonly divided: number;
  /** Not divided. */
  readonly fixed: number;
  /** To hand gradients to another machine and take others from it, without the line. */
  readonly handling: number;
}

/** Medians in ms a step: one process with one thread, with two, and two processes with one thread each. */
export interface MeasuredSteps {
  readonly oneThread: number;
  readonly twoThreads: number;
  readonly twoProcesses: number;
}

/** What the measured times say: one = divided + fixed, two = divided / 2 + fixed, and what two processes need above. */
export function costOf({ oneThread, twoThreads, twoProcesses }: MeasuredSteps): StepCost {
  // A second thread takes off no more than half of the time, and nothing at worst; measurements have noise.
  const divided = Math.max(0, Math.min(oneThread, 2 * (oneThread - twoThreads)));
  return { divided, fixed: oneThread - divided, handling: Math.max(0, twoProcesses - (oneThread - divided / 2)) };
}

/** The cost at another size: what is divided grows with the operations, all else with the weights. */
export function scaled(cost: StepCost, from: WindowOf, to: WindowOf): StepCost {
  const work = flopsPerWindow(to) / flopsPerWindow(from);
  const weights = parameterCount(to) / parameterCount(from);
  return { divided: work * cost.divided, fixed: weights * cost.fixed, handling: weights * cost.handling };
}

/** Machines that are alike, and what joins them: the line of the one that trains, which all others share. */
export interface Cluster {
  readonly machines: number;
  readonly threads: number;
  readonly line: Line;
}

/**
 * ms of a training step: compute / N + bytes / bandwidth + latency, where two machines send each other their gradients at
 * the same time, and the sum of more machines' goes out after all have come. What they are computed from has come before.
 * @param cost of this size.
 */
export function stepMs(cost: StepCost, size: WindowOf, { machines, threads, line }: Cluster): number {
  const own = cost.fixed + cost.divided / (machines * threads);
  if (machines === 1) return own;
  const { sent, received } = trafficOf(size, machines);
  const [bytes, delays] = machines === 2 ? [Math.max(sent, received), 1] : [sent + received, 2];
  return own + (machines - 1) * cost.handling + transferMs(bytes, line) + delays * line.delayMs;
}

/** Bytes a step that the one that trains sends to all others and receives. */
export function trafficOf(size: WindowOf, machines: number): { sent: number; received: number } {
  const division = { config: size, shards: machines };
  const others = Array.from({ length: machines - 1 }, (_, i) => ({ first: i + 1, end: i + 2 }));
  const sum = (sizesOf: typeof sumSizes) => others.reduce((all, part) => all + bytesOf(sizesOf(part, division)), 0);
  // To each as many as the sums of its own part have.
  return { sent: sum(workSizes) + sum(sumSizes), received: sum(resultSizes) };
}

/** A machine pays where with it, and as many more as double the number, a step takes at most so much of the time. */
export const PAYS = 0.9;

/** Streams from which on, by doubling, so many machines pay; undefined where that is not before `most`. */
export function streamsThatPay(
  costAt: (size: WindowOf) => StepCost,
  size: Omit<WindowOf, 'batchSize'>,
  { machines, ...others }: Cluster,
  most: number,
): number | undefined {
  for (let batchSize = SMALLEST_SHARD.streams * machines * others.threads; batchSize <= most; batchSize *= 2) {
    const all = { ...size, batchSize };
    const [half, whole] = [machines / 2, machines].map((count) =>
      stepMs(costAt(all), all, { machines: count, ...others }),
    );
    if (whole <= PAYS * half) return batchSize;
  }
  return undefined;
}
