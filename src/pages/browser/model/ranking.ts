import type { Ranks } from './messages.js';

/** A unit and a class of characters that it tells from others. */
export interface Ranked {
  readonly unit: number;
  /** Index of the class. */
  readonly feature: number;
  /** From 0.5 on the unit is higher on the class, below lower; see `Selectivity`. */
  readonly concordance: number;
}

/** How far a concordance is from saying nothing. */
const strength = ({ concordance }: Ranked) => Math.abs(concordance - 0.5);

const byStrength = (a: Ranked, b: Ranked) => strength(b) - strength(a) || a.unit - b.unit;

/** All units with their best classes, the most selective first; none where no class is common enough. */
export function bestOfAll(ranks: Ranks): Ranked[] {
  const best = new Map<number, Ranked>();
  for (const ranked of ranks.classes.flatMap((_, feature) => rankedFor(ranks, feature))) {
    const known = best.get(ranked.unit);
    if (!known || strength(ranked) > strength(known)) best.set(ranked.unit, ranked);
  }
  return [...best.values()].sort(byStrength);
}

/** All units by how selective they are for one class; none where it is too rare. */
export function rankedFor({ classes, concordances }: Ranks, feature: number): Ranked[] {
  const H = concordances.length / classes.length;
  const row = Array.from(concordances.subarray(feature * H, (feature + 1) * H));
  return row
    .map((concordance, unit) => ({ unit, feature, concordance }))
    .filter(({ concordance }) => !Number.isNaN(concordance))
    .sort(byStrength);
}
