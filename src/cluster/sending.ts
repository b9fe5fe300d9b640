import type * as tf from '@tensorflow/tfjs-core';
import type { Member } from './team.js';

/** The numbers of tensors, each read when it is asked for. */
export function* numbersOf(tensors: readonly tf.Tensor[]): Iterable<ArrayBufferView> {
  for (const tensor of tensors) yield tensor.dataSync();
}

/** Sends a frame: each piece is on its way while the next is made. @returns when the systems have taken all. */
export async function send(
  members: readonly Member[],
  kind: number,
  sizes: readonly number[],
  pieces: Iterable<ArrayBufferView>,
): Promise<void> {
  if (members.length === 0) return;
  const gives = members.map(({ link }) => link.begin(kind, sizes));
  const sent: Promise<void>[] = [];
  for (const piece of pieces) {
    for (const give of gives) sent.push(give(piece));
  }
  await Promise.all(sent);
}
