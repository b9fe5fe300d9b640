import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { SampleOptions } from '../options/sample-options.js';
import { openSampler } from '../run/sampling.js';
import { Pauses } from '../system/pauses.js';
import { atBoundaryAsync } from './boundary.js';
import type { Stoppable } from './options.js';

/** Symbols in a piece of generated text, at most. */
const PIECE = 50;

/** Generates text in pieces; the event loop gets its turn, however slow the model is. */
export async function* generateText(
  checkpoint: Checkpoint,
  { signal, ...options }: SampleOptions & Stoppable,
): AsyncGenerator<string, void, undefined> {
  const { vocabulary } = checkpoint;
  const sampler = await atBoundaryAsync(() => openSampler(checkpoint, options));
  // A character of several bytes may come in two pieces.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const pauses = new Pauses();
  const piece: Uint8Array[] = [];
  for (const symbol of sampler.symbols()) {
    if (signal?.aborted) return;
    if (piece.push(vocabulary.bytesOf(symbol)) < PIECE && !pauses.isDue) continue;
    yield decoder.decode(Buffer.concat(piece.splice(0)), { stream: true });
    if (pauses.isDue) await pauses.pause();
  }
  const rest = decoder.decode(Buffer.concat(piece));
  if (rest !== '') yield rest;
}
