import { fuse } from './fuse.js';
import type { ProgramStep, Recording } from './recording.js';
import { type Place, placeViews } from './views.js';

/** The steps of a recording in fewer calls with the same results, and the places of tensors that lie within others. */
export function optimize({ steps, tensors, outputs }: Recording): {
  steps: ProgramStep[];
  places: Map<number, Place>;
} {
  const { steps: left, places } = placeViews(steps, tensors);
  const ids = outputs.map(({ id }) => id);
  return { steps: fuse(left, ids, places), places };
}
