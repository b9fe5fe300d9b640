import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AbsentRow, describeProblem, type MeasuredRow, type Problem, type ProblemResult } from './contest.js';
import type { Machine } from './machine.js';
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

/** What one suite found: the content of its file. */
export interface SuiteResult {
  readonly suite: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly machine: Machine;
  /** The corpus's file name, characters and distinct characters V. */
  readonly corpus: { readonly name: string; readonly length: number; readonly vocabularySize: number };
  /** The row that ratios compare with. */
  readonly reference: string;
  /** Matrix products on the same TensorFlow: the best GFLOP/s by matrix size, or why it was not measured. */
  readonly gemm?: { readonly gflops: Readonly<Record<string, number>> } | { readonly absent: string };
  readonly problems: readonly RatedProblem[];
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

/** Writes `<folder>/<suite>.json`; returns its path. */
export async function writeResults(folder: string, result: SuiteResult): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${result.suite}.json`);
  await writeFile(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}
