import type * as tf from '@tensorflow/tfjs-core';
import type { Member } from './team.js';

/** The numbers of tensors. */
export function numbersOf(tensors: readonly tf.Tensor[]): Float32Array[] {
  return tensors.map((tensor) => tensor.dataSync<'float32'>());
}

/** Sends a frame to each. @returns when the systems have taken all. */
export async function send(
  members: readonly Member[],
  kind: number,
  pieces: readonly ArrayBufferView[],
): Promise<void> {
  await Promise.all(members.map(({ link }) => link.send(kind, pieces)));
}
