import { messageOf } from '../src/errors.js';
import type { WindowSize } from '../src/model/parameters.js';
import type { Launch } from './child.js';
import type { Identity, Round } from './protocol.js';
import { fastestRunner, type Runner } from './warm-up.js';

/**
 * One row of a contest: the program to start, or why there is none. Of several launches (alternatives such as numbers
 * of threads) the one that is fastest in the warm-up takes part.
 */
export type Contestant = { readonly name: string } & (
  { readonly launches: readonly Launch[] } | { readonly absent: string }
);

/** A problem that all contestants get. */
export interface Problem extends WindowSize {
  readonly learningRate: number;
}

/** One contestant's raw measurements at one size. */
export interface MeasuredRow extends Identity {
  /** The contestant's name, not the child's own. */
  readonly contestant: string;
  readonly stepsPerRound: number;
  readonly rounds: readonly Round[];
}

/** A contestant that could not be measured at one size. */
export interface AbsentRow {
  readonly contestant: string;
  readonly absent: string;
}

/** What a contest found at one size, rows in the order of the contestants. */
export interface ProblemResult {
  readonly problem: Problem;
  readonly rows: readonly (MeasuredRow | AbsentRow)[];
}

/** What to measure and for how long. */
export interface ContestOptions {
  readonly contestants: readonly Contestant[];
  readonly problems: readonly Problem[];
  /** Path of the text that all train on. */
  readonly corpus: string;
  readonly rounds: number;
  /** Aim for the length of one round of one contestant; see also `hasTime`. */
  readonly secondsPerRound: number;
  /** Seconds that each contestant trains before it is measured. */
  readonly warmupSeconds: number;
  /** Told what is going on. */
  readonly report?: (line: string) => void;
}

interface Entry {
  readonly contestant: string;
  runner?: Runner;
  stepsPerRound: number;
  rounds: Round[];
  absent: string;
}

/**
 * Measures contestants side by side, one problem after another: every one is started and warmed up by itself, then
 * rounds are interleaved (A B C A B C ...), so that a machine that slows down slows all alike.
 */
export async function runContest(options: ContestOptions): Promise<ProblemResult[]> {
  const results: ProblemResult[] = [];
  for (const problem of options.problems) results.push(await runProblem(problem, options));
  return results;
}

async function runProblem(problem: Problem, options: ContestOptions): Promise<ProblemResult> {
  const entries: Entry[] = [];
  try {
    for (const contestant of options.contestants) {
      options.report?.(`${describeProblem(problem)}: ${contestant.name} warms up`);
      entries.push(await enter(contestant, problem, options));
    }
    for (let round = 1; round <= options.rounds; round++) {
      options.report?.(`${describeProblem(problem)}: round ${round} of ${options.rounds}`);
      for (const entry of entries) if (hasTime(entry, options)) await playRound(entry);
    }
  } finally {
    await Promise.all(entries.flatMap(({ runner }) => (runner ? [runner.child.stop()] : [])));
  }
  return { problem, rows: entries.map(rowOf) };
}

/** A problem's sizes in one line, as tables and charts head them. */
export function describeProblem({ batchSize, hiddenSize, seqLength }: WindowSize): string {
  return `B=${batchSize} H=${hiddenSize} T=${seqLength}`;
}

async function enter(contestant: Contestant, problem: Problem, options: ContestOptions): Promise<Entry> {
  const entry: Entry = { contestant: contestant.name, stepsPerRound: 0, rounds: [], absent: '' };
  if ('absent' in contestant) return { ...entry, absent: contestant.absent };
  try {
    const settings = { ...problem, corpus: options.corpus };
    const runner = await fastestRunner(contestant.launches, settings, options.warmupSeconds);
    const calls = Math.max(1, Math.round(options.secondsPerRound / secondsPerCall(runner)));
    return { ...entry, runner, stepsPerRound: calls * runner.stepsPerCall };
  } catch (error) {
    return { ...entry, absent: messageOf(error) };
  }
}

/** A contestant whose single call takes longer than a round plays fewer of them, at least one. */
function hasTime({ runner, rounds }: Entry, { secondsPerRound, rounds: planned }: ContestOptions): boolean {
  if (!runner || secondsPerCall(runner) <= secondsPerRound) return true;
  return rounds.length < Math.max(1, Math.round((planned * secondsPerRound) / secondsPerCall(runner)));
}

function secondsPerCall({ secondsPerStep, stepsPerCall }: Runner): number {
  return secondsPerStep * stepsPerCall;
}

async function playRound(entry: Entry): Promise<void> {
  if (!entry.runner || entry.absent) return;
  try {
    entry.rounds.push(await entry.runner.child.run(entry.stepsPerRound));
  } catch (error) {
    entry.absent = `stopped in round ${entry.rounds.length + 1}: ${messageOf(error)}`;
  }
}

function rowOf({ contestant, runner, stepsPerRound, rounds, absent }: Entry): MeasuredRow | AbsentRow {
  if (!runner || absent) return { contestant, absent };
  return { contestant, ...runner.identity, stepsPerRound, rounds };
}
