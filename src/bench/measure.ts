import { messageOf } from '../errors.js';
import { Child, TooSlow } from './child.js';
import { Player, playRounds, type RoundTimes, type Runner } from './player.js';
import { type Contestant, randomTrainer, type Size } from './request.js';
import { median } from './statistics.js';

/**
 * What was found for one contestant: its time, or why there is none. The first steps also prepare what the others only
 * run, such as a graph or a recording: where there are no others, or not even the first ended in time, a step's own
 * time is not known.
 */
export type Finding = { readonly contestant: Contestant } & (
  | {
      readonly description: string;
      readonly msPerStep: number;
      readonly rounds: number;
      readonly firstStepOnly: boolean;
    }
  | { readonly firstStepOverSeconds: number }
  | { readonly notLoadedAfterSeconds: number }
  | { readonly absent: string }
);

/** How long all of it may take, and each of its parts; in seconds. */
export interface BenchTimes extends RoundTimes {
  /** From start to end. */
  readonly total: number;
  /** Of it, for all contestants to load, at once. */
  readonly loading: number;
  /** Of it, for loading and warming everybody up. */
  readonly trying: number;
  readonly warmUp: number;
}

/** Before the clock starts the program itself loads, and after it a run may take its grace: slack for both. */
const TIMES: BenchTimes = { total: 16, loading: 9, trying: 12, warmUp: 0.2, secondsPerRound: 0.2, rounds: 5 };

/** What is replaced by tests: the processes, the times and the clock (seconds). */
export interface BenchParts {
  readonly start?: (contestant: Contestant) => Runner;
  readonly times?: BenchTimes;
  readonly now?: () => number;
}

interface Entry {
  readonly player: Player;
  /** Seconds that its warm-up may take. */
  share: number;
}

type Missing = { readonly notLoadedAfterSeconds: number } | { readonly absent: string };

/**
 * Measures contestants at one size in less than 20 seconds: all load at once and are warmed up in turn, then rounds are
 * interleaved; medians count. In the order of the contestants.
 */
export async function measure(
  size: Size,
  contestants: readonly Contestant[],
  {
    start = (contestant) => new Child(randomTrainer({ contestant, size })),
    times = TIMES,
    now = () => performance.now() / 1000,
  }: BenchParts = {},
): Promise<Finding[]> {
  const begin = now();
  const runners = contestants.map(start);
  try {
    const loaded = await Promise.all(runners.map((runner) => load(runner, times.loading)));
    const entries = loaded.filter((one) => 'player' in one);
    for (const [i, entry] of entries.entries()) {
      // What the fast ones leave of their time goes to those after them.
      entry.share = Math.max(0, times.trying - (now() - begin)) / (entries.length - i);
      const end = now() + entry.share;
      await entry.player.warmUp(times.warmUp, () => end - now());
    }
    const players = entries.map(({ player }) => player);
    await playRounds(players, times, () => begin + times.total - now());
    return loaded.map((one, i) => ({
      contestant: contestants[i],
      ...('player' in one ? found(one, times.secondsPerRound) : one),
    }));
  } finally {
    for (const runner of runners) void runner.kill();
  }
}

async function load(runner: Runner, seconds: number): Promise<Entry | Missing> {
  try {
    const player = await Player.load(runner, seconds);
    const { name } = player.identity;
    if (!pretends(name)) return { player, share: 0 };
    void runner.kill();
    return { absent: `${name}: not a graphics card, so not measured` };
  } catch (error) {
    return error instanceof TooSlow ? { notLoadedAfterSeconds: seconds } : { absent: messageOf(error) };
  }
}

/** Graphics cards that a processor only pretends to be are for tests. */
function pretends(description: string): boolean {
  return /swiftshader|llvmpipe|lavapipe|software/i.test(description);
}

function found({ player, share }: Entry, secondsPerRound: number) {
  const { failure, identity, rounds, secondsPerStep } = player;
  if (failure && !failure.tooSlow) return { absent: failure.reason };
  if (secondsPerStep === Infinity) return { firstStepOverSeconds: share };
  const steps = player.stepsIn(secondsPerRound);
  const seconds = rounds.length > 0 ? median(rounds.map((round) => round.seconds / steps)) : secondsPerStep;
  return {
    description: identity.name,
    msPerStep: 1000 * seconds,
    rounds: rounds.length,
    firstStepOnly: !player.isWarm,
  };
}
