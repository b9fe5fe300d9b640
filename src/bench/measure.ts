import { messageOf } from '../errors.js';
import type { WindowSize } from '../model/parameters.js';
import { BenchProcess, TooSlow } from './process.js';
import type { BenchGreeting, Contestant } from './request.js';

/**
 * What was found for one contestant: its time, or why there is none. The first step also prepares what the others only
 * run, such as a graph or a recording: where it is the only one, or not even it ended in time, the step's own time is
 * not known.
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
export interface BenchTimes {
  /** From start to end. */
  readonly total: number;
  /** Of it, for everybody to load, all at once. */
  readonly loading: number;
  /** Of it, for loading and trying everybody out. */
  readonly trying: number;
  readonly perTry: number;
  readonly perRound: number;
  readonly rounds: number;
}

/** Before the clock starts the program itself loads, and after it somebody may take the grace: slack for both. */
const TIMES: BenchTimes = { total: 16, loading: 9, trying: 12, perTry: 0.2, perRound: 0.2, rounds: 5 };

/** What a run that was expected to end in time gets on top, so that a moment's disturbance does not end it. */
const GRACE_MS = 1500;

/** The part of a process that is needed here. */
export type BenchRunner = Pick<BenchProcess, 'greeting' | 'run' | 'stop'>;

/** What is replaced by tests: the processes, the times and the clock (seconds). */
export interface BenchParts {
  readonly start?: (contestant: Contestant) => BenchRunner;
  readonly times?: BenchTimes;
  readonly now?: () => number;
}

interface Entry {
  readonly contestant: Contestant;
  readonly process: BenchRunner;
  readonly description: string;
  /** Seconds per step of each try, the longest and best last; the first is of the first step alone. */
  readonly tries: number[];
  readonly rounds: number[];
}

/**
 * Measures contestants at one size in less than 20 seconds: all load at once and are tried out in turn, then rounds are
 * interleaved, so that a machine that slows down slows all alike; medians count. In the order of the contestants.
 */
export async function measure(
  size: WindowSize,
  contestants: readonly Contestant[],
  {
    start = (contestant) => new BenchProcess({ contestant, size }),
    times = TIMES,
    now = () => performance.now() / 1000,
  }: BenchParts = {},
): Promise<Finding[]> {
  const begin = now();
  const entries: (Entry | Finding)[] = [];
  try {
    const loaded = await Promise.all(contestants.map((contestant) => load(contestant, start(contestant), times)));
    for (const [i, one] of loaded.entries()) {
      // What the fast ones leave of their time goes to those after them.
      const waiting = loaded.slice(i).filter((other) => 'process' in other).length;
      const share = Math.max(0, times.trying - (now() - begin)) / waiting;
      entries.push('process' in one ? await enter(one, { share, times, now }) : one);
    }
    for (let round = 0; round < times.rounds; round++) {
      for (const entry of entries) if ('process' in entry) await play(entry, times, begin + times.total - now());
    }
  } finally {
    for (const entry of entries) if ('process' in entry) entry.process.stop();
  }
  return entries.map((entry) => ('process' in entry ? findingOf(entry) : entry));
}

type Loaded = Pick<Entry, 'contestant' | 'process' | 'description'>;

async function load(contestant: Contestant, process: BenchRunner, { loading }: BenchTimes): Promise<Loaded | Finding> {
  try {
    const greeting = await process.greeting(loading * 1000);
    const unfit = unfitness(greeting);
    if (unfit !== undefined || 'absent' in greeting) throw new Error(unfit);
    return { contestant, process, description: greeting.description };
  } catch (error) {
    process.stop();
    return error instanceof TooSlow
      ? { contestant, notLoadedAfterSeconds: loading }
      : { contestant, absent: messageOf(error) };
  }
}

interface Trial {
  /** Seconds that it may take. */
  readonly share: number;
  readonly times: BenchTimes;
  readonly now: () => number;
}

async function enter(loaded: Loaded, { share, times, now }: Trial): Promise<Entry | Finding> {
  const { contestant, process } = loaded;
  const begin = now();
  const entry: Entry = { ...loaded, tries: [], rounds: [] };
  try {
    await tryOut(entry, times.perTry, () => (begin + share - now()) * 1000);
    return entry;
  } catch (error) {
    process.stop();
    if (!(error instanceof TooSlow)) return { contestant, absent: messageOf(error) };
    return entry.tries.length === 0 ? { contestant, firstStepOverSeconds: share } : findingOf(entry);
  }
}

/** Why a contestant is not measured; graphics cards that a processor only pretends to be are for tests. */
function unfitness(greeting: BenchGreeting): string | undefined {
  if ('absent' in greeting) return greeting.absent;
  const software = /swiftshader|llvmpipe|lavapipe|software/i.test(greeting.description);
  return software ? `${greeting.description}: not a graphics card, so not measured` : undefined;
}

/** Doubles the windows until the try is long enough. */
async function tryOut({ process, tries }: Entry, seconds: number, left: () => number): Promise<void> {
  let secondsPerStep = await process.run(1, left());
  tries.push(secondsPerStep);
  for (let windows = 1, total = 0; total < seconds && secondsPerStep * windows * 1000 < left(); windows *= 2) {
    const taken = await process.run(windows, left() + GRACE_MS);
    secondsPerStep = taken / windows;
    tries.push(secondsPerStep);
    total += taken;
  }
}

/** A round that would not end in time is left out; one that does not, against expectation, is the contestant's last. */
async function play({ process, tries, rounds }: Entry, { perRound }: BenchTimes, left: number): Promise<void> {
  const secondsPerStep = lastOf(tries);
  const windows = Math.max(1, Math.round(perRound / secondsPerStep));
  if (windows * secondsPerStep > left) return;
  try {
    rounds.push((await process.run(windows, left * 1000 + GRACE_MS)) / windows);
  } catch (error) {
    process.stop();
    if (!(error instanceof TooSlow)) throw error;
  }
}

const lastOf = (tries: readonly number[]) => tries[tries.length - 1];

function findingOf({ contestant, description, tries, rounds }: Entry): Finding {
  const sorted = (rounds.length > 0 ? [...rounds] : [lastOf(tries)]).sort((a, b) => a - b);
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.floor(sorted.length / 2)]) / 2;
  const firstStepOnly = tries.length + rounds.length === 1;
  return { contestant, description, msPerStep: middle * 1000, rounds: rounds.length, firstStepOnly };
}
