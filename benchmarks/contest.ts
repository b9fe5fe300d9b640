import type { Child, Launch } from '../src/bench/child.js';
import { type Player, playRounds, type RoundTimes } from '../src/bench/player.js';
import type { Identity, Round } from '../src/bench/protocol.js';
import type { Size } from '../src/bench/request.js';
import { messageOf } from '../src/errors.js';
import { fastest } from './alternatives.js';

/**
 * One row of a contest: the program to start, or why there is none. Of several launches (alternatives such as numbers
 * of threads) the one that is fastest in the warm-up takes part.
 */
export type Contestant = { readonly name: string } & (
  { readonly launches: readonly Launch[] } | { readonly absent: string }
);

/** A problem that all contestants get. */
export interface Problem extends Size {
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

/** How long a contest measures. A contestant whose single call takes longer than a round plays fewer of them. */
export interface Timing extends RoundTimes {
  /** Seconds that each contestant trains before it is measured. */
  readonly warmupSeconds: number;
}

/** What to measure and for how long. */
export interface ContestOptions extends Timing {
  readonly contestants: readonly Contestant[];
  readonly problems: readonly Problem[];
  /** Path of the text that all train on. */
  readonly corpus: string;
  /** Gets lines that say what is going on. */
  readonly report?: (line: string) => void;
}

/** Measures contestants side by side, one problem after another: each is started and warmed up by itself, then come rounds. */
export async function runContest(options: ContestOptions): Promise<ProblemResult[]> {
  const results: ProblemResult[] = [];
  for (const problem of options.problems) results.push(await runProblem(problem, options));
  return results;
}

async function runProblem(problem: Problem, options: ContestOptions): Promise<ProblemResult> {
  const report = (what: string) => options.report?.(`${describeProblem(problem)}: ${what}`);
  const entries: (Entry | AbsentRow)[] = [];
  const entered = () => entries.filter((entry) => 'player' in entry);
  try {
    for (const contestant of options.contestants) {
      report(`${contestant.name} warms up`);
      entries.push(await enter(contestant, problem, options));
    }
    const players = entered().map(({ player }) => player);
    const left = (player: Player) => (hasTime(player, options) ? Infinity : 0);
    await playRounds(players, options, left, (round) => report(`round ${round} of ${options.rounds}`));
  } finally {
    await Promise.all(entered().map(({ child }) => child.stop()));
  }
  return { problem, rows: entries.map((entry) => ('player' in entry ? rowOf(entry, options) : entry)) };
}

/** A problem's sizes in one line, as tables and charts head them. */
export function describeProblem({ batchSize, hiddenSize, seqLength }: Size): string {
  return `B=${batchSize} H=${hiddenSize} T=${seqLength}`;
}

interface Entry {
  readonly contestant: string;
  readonly child: Child;
  readonly player: Player;
}

async function enter(
  contestant: Contestant,
  problem: Problem,
  { corpus, warmupSeconds }: ContestOptions,
): Promise<Entry | AbsentRow> {
  const { name } = contestant;
  if ('absent' in contestant) return { contestant: name, absent: contestant.absent };
  try {
    return { contestant: name, ...(await fastest(contestant.launches, { ...problem, corpus }, warmupSeconds)) };
  } catch (error) {
    return { contestant: name, absent: messageOf(error) };
  }
}

function hasTime({ secondsPerCall, rounds }: Player, { secondsPerRound, rounds: planned }: RoundTimes): boolean {
  if (secondsPerCall <= secondsPerRound) return true;
  return rounds.length < Math.max(1, Math.round((planned * secondsPerRound) / secondsPerCall));
}

function rowOf({ contestant, player }: Entry, { secondsPerRound }: RoundTimes): MeasuredRow | AbsentRow {
  const { failure, identity, rounds } = player;
  if (failure) return { contestant, absent: failure.reason };
  return { contestant, ...identity, stepsPerRound: player.stepsIn(secondsPerRound), rounds };
}
