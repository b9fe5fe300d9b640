import { measuredPreference } from '../backends/measured.js';
import { type Candidate, type Preference, preferenceFor } from '../backends/choose.js';
import { cacheRoot } from '../system/cache-root.js';
import type { RunPlan } from './plan.js';
import { BACKENDS } from '../options/choices.js';

/**
 * What `train` prefers with `--backend auto`: a resumed run continues where it was computed, as only there its numbers
 * stay the same to the bit; a new one follows a measurement for exactly its size, else the rule for its size.
 */
export function preferenceOf({ options, vocabulary, resume }: RunPlan): Preference {
  const usual =
    measuredPreference(cacheRoot(), options) ?? preferenceFor({ ...options, vocabularySize: vocabulary.size });
  const before = resume ? computedBy(options.computedBy) : undefined;
  if (!before) return usual;
  const others = usual.candidates.filter(
    ({ backend, device }) => backend !== before.backend || device !== before.device,
  );
  return { candidates: [before, ...others], reason: 'as before' };
}

/** What a checkpoint says it was computed by; undefined where this version knows no such backend. */
function computedBy(recorded: { backend: string; device?: string | undefined } | undefined): Candidate | undefined {
  const backend = BACKENDS.find((name) => name === recorded?.backend);
  return backend && { backend, device: recorded?.device };
}
