import { type AbsentRow, describeProblem, type MeasuredRow, type Problem, type ProblemResult } from './contest.js';
import { charactersPerStep, gflopPerStep, ratio, type Spread, spread } from './statistics.js';

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
