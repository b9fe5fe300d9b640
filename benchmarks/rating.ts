import type { BarRow } from './charts.js';
import { type AbsentRow, describeProblem, type MeasuredRow, type Problem, type ProblemResult } from './contest.js';
import type { Size } from '../src/bench/request.js';
import { charactersPerStep, median, type Spread, spread } from '../src/bench/statistics.js';
import { flopsPerWindow } from '../src/trainer/schedule.js';

/** A measured row with what follows from its rounds. */
export interface RatedRow extends MeasuredRow {
  readonly msPerStep: Spread;
  readonly charsPerSecond: number;
  readonly gflopPerSecond: number;
  /** Times as fast as the reference row; undefined where that is absent. */
  readonly ratio?: number;
}

/** All rows at one size. */
export interface RatedProblem {
  /** Such as `B=1 H=100 T=25`. */
  readonly title: string;
  readonly problem: Problem;
  readonly rows: readonly (RatedRow | AbsentRow)[];
}

/** Adds medians, spreads, throughput and ratios to raw rounds. */
export function rate(result: ProblemResult, reference: string, vocabularySize: number): RatedProblem {
  const { problem, rows } = result;
  const referenceRow = rows.find((row): row is MeasuredRow => row.contestant === reference && !('absent' in row));
  const referenceTimes = referenceRow && msPerStepOf(referenceRow);
  const rated = rows.map((row) => ('absent' in row ? row : rateRow(row, problem, vocabularySize, referenceTimes)));
  return { title: describeProblem(problem), problem, rows: rated };
}

function rateRow(row: MeasuredRow, problem: Problem, vocabularySize: number, referenceTimes?: number[]): RatedRow {
  const times = msPerStepOf(row);
  const msPerStep = spread(times);
  const stepsPerSecond = 1000 / msPerStep.median;
  return {
    ...row,
    msPerStep,
    charsPerSecond: stepsPerSecond * charactersPerStep(problem),
    gflopPerSecond: stepsPerSecond * gflopPerStep(problem, vocabularySize),
    ...(referenceTimes && { ratio: ratio(referenceTimes, times) }),
  };
}

function msPerStepOf({ rounds, stepsPerRound }: MeasuredRow): number[] {
  return rounds.map(({ seconds }) => (seconds * 1000) / stepsPerRound);
}

/** The measured row of a contestant; undefined where it is absent. */
export function measuredRow({ rows }: RatedProblem, contestant: string): RatedRow | undefined {
  return rows.find((row): row is RatedRow => row.contestant === contestant && !('absent' in row));
}

/** A bar for each row: characters a second, `n/a` where it is absent. @param highlight whose bars have the strong colour. */
export function speedBars(rows: RatedProblem['rows'], highlight: (contestant: string) => boolean): BarRow[] {
  return rows.map((row) => ({
    name: row.contestant,
    value: 'absent' in row ? NaN : row.charsPerSecond,
    highlight: highlight(row.contestant),
  }));
}

/** How many times as fast as the reference: its time over ours, by the medians of their rounds. */
export function ratio(referenceTimes: readonly number[], times: readonly number[]): number {
  return median(referenceTimes) / median(times);
}

/**
 * The work of one training step in GFLOP (10⁹ operations), counting the matrix products and a multiply-add as two:
 * forward `Whh h` and `Why h`, backward `Whhᵀ dhraw`, `Whyᵀ dy`, `dhraw hᵀ` and `dy hᵀ`.
 * A one-hot input makes `Wxh x` a look-up; tanh, softmax and Adagrad are left out.
 */
export function gflopPerStep(size: Size, vocabularySize: number): number {
  return flopsPerWindow({ ...size, vocabularySize }) / 1e9;
}
