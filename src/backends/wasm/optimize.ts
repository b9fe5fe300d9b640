import { fuse } from './fuse.js';
import { lineages } from './lineage.js';
import type { ProgramStep, Recording } from './recording.js';
import { sparse } from './sparse.js';
import { type Place, placeViews } from './views.js';

/** A recording's steps in fewer calls with the same results, and where its tensors lie. */
export interface Optimized {
  readonly steps: ProgramStep[];
  /** Of tensors that lie within others. */
  readonly places: ReadonlyMap<number, Place>;
  /** By id, the input over which a tensor is written. */
  readonly homes: ReadonlyMap<number, number>;
}

/** Plans how a recording is run. */
export function optimize(recording: Recording): Optimized {
  const { steps, places } = placeViews(recording.steps, recording.tensors);
  const ids = recording.outputs.map(({ id }) => id);
  const fused = fuse(steps, ids, places);
  const homes = lineages(fused, recording, places);
  return { steps: sparse(fused, ids, places, homes), places, homes };
}
