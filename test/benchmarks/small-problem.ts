import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildSettings } from '../../benchmarks/settings.js';
import { withChild } from '../../benchmarks/start.js';
import type { Launch } from '../../src/bench/child.js';
import type { Size } from '../../src/bench/request.js';

/** Windows that each child is trained on; with the text below they pass its end more than once. */
export const STEPS = 25;

const TEXT = Array.from(
  { length: 220 },
  (_, i) => 'pack my böx with five dozen — jugs 𝄞\n'.at((i * i) % 37) ?? '',
).join('');

/** A problem's sizes with a title for the test. */
export type Case = Size & { readonly title: string };

/** Small and odd sizes, so that a transposed axis or a wrong remainder shows. */
export const CASES: readonly Case[] = [
  { title: 'one stream', hiddenSize: 21, seqLength: 11, batchSize: 1 },
  { title: 'five streams', hiddenSize: 19, seqLength: 6, batchSize: 5 },
  { title: 'windows of one step', hiddenSize: 8, seqLength: 1, batchSize: 2 },
];

/** A child's settings, with a text and initial weights written to `folder`. */
export function settingsFor({ hiddenSize, seqLength, batchSize }: Case, folder: string): ChildSettings {
  const corpus = join(folder, 'corpus.txt');
  writeFileSync(corpus, TEXT);
  const weights = join(folder, `weights-${hiddenSize}.bin`);
  writeFileSync(weights, initialWeights(hiddenSize));
  return { hiddenSize, seqLength, batchSize, learningRate: 0.01, corpus, weights };
}

function initialWeights(H: number): Float32Array {
  const V = new Set(TEXT).size;
  return Float32Array.from({ length: 2 * H * V + H * H }, (_, i) => 0.3 * Math.sin(i * 12.9898));
}

/** The loss of every single step. */
export function losses(launch: Launch, settings: ChildSettings): Promise<number[]> {
  return withChild(launch, settings, async (child) => {
    const found: number[] = [];
    for (let step = 0; step < STEPS; step++) found.push((await child.run(1)).loss);
    return found;
  });
}

/** Largest |a - b| / |a|. */
export function largestRelativeDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN)) / Math.abs(value)));
}
