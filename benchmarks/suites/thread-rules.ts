import type { Size } from '../../src/bench/request.js';

/** The times of one size under each of the settings, in one order everywhere. */
export interface Cell {
  readonly problem: Pick<Size, 'batchSize' | 'hiddenSize'>;
  readonly ms: readonly number[];
}

/** What following a rule costs: the time above that of the best setting, as a part of the latter. */
export interface Loss {
  readonly worst: number;
  readonly mean: number;
}

/** A way to pick a setting by the size. */
export interface Rule extends Loss {
  readonly name: string;
  /** Index of the setting below the threshold, and from it on. */
  readonly small?: number;
  readonly large?: number;
  readonly threshold?: number;
}

/** Measures of a size that a threshold can be set on, simple enough to be explained in a line. */
const FORMULAS: Readonly<Record<string, (B: number, H: number) => number>> = {
  'B H': (B, H) => B * H,
  'B H²': (B, H) => B * H * H,
  'B² H': (B, H) => B * B * H,
  H: (_, H) => H,
  B: (B) => B,
};

/** What the picked settings (an index for each cell) lose. */
export function judge(cells: readonly Cell[], picks: readonly number[]): Loss {
  const losses = cells.map(({ ms }, i) => ms[picks[i]] / Math.min(...ms) - 1);
  return { worst: Math.max(...losses), mean: losses.reduce((sum, loss) => sum + loss, 0) / losses.length };
}

/** The best rule of each formula (any two settings, any threshold), the one that loses least at worst first. */
export function bestRule(cells: readonly Cell[]): Rule[] {
  const rules = Object.entries(FORMULAS).map(([formula, measure]) => {
    const measures = cells.map(({ problem }) => measure(problem.batchSize, problem.hiddenSize));
    return best(candidates(formula, cells, measures));
  });
  return rules.sort(byLoss);
}

function candidates(formula: string, cells: readonly Cell[], measures: readonly number[]): Rule[] {
  const settings = [...cells[0].ms.keys()];
  const thresholds = [...new Set(measures)].sort((a, b) => a - b);
  return thresholds.flatMap((threshold) =>
    settings.flatMap((small) =>
      settings.map((large) => {
        const picks = measures.map((value) => (value >= threshold ? large : small));
        const name = `${formula} >= ${threshold.toLocaleString('en-US')}`;
        return { name, small, large, threshold, ...judge(cells, picks) };
      }),
    ),
  );
}

function best(rules: readonly Rule[]): Rule {
  return [...rules].sort(byLoss)[0];
}

function byLoss(a: Rule, b: Rule): number {
  return a.worst - b.worst || a.mean - b.mean;
}
