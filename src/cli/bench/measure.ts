import { messageOf } from '../../errors.js';
import { BenchProcess, TooSlow } from './process.js';
import type { BenchGreeting, BenchSize, Contestant } from './request.js';

/** What was found for one contestant: its time, a lower bound where no step ended in time, or why there is none. */
export type Finding = { readonly contestant: Contestant } & (
  | { readonly description: string; readonly msPerStep: number; readonly rounds: number }
  | { readonly slowerThanMs: number }
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

const TIMES: BenchTimes = { total: 18, loading: 8, trying: 13, perTry: 0.2, perRound: 0.2, rounds: 5 };

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
  readonly secondsPerStep: number;
  readonly rounds: number[];
}

/**
 * Measures contestants at one size in less than 20 seconds: all load at once and are tried out in turn, then rounds are
 * interleaved, so that a machine that slows down slows all alike; medians count. In the order of the contestants.
 */
export async function measure(
  size: BenchSize,
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
      const share = (times.trying - (now() - begin)) / (loaded.length - i);
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
  try {
    const left = () => (begin + share - now()) * 1000;
    return { ...loaded, secondsPerStep: await tryOut(process, times.perTry, left), rounds: [] };
  } catch (error) {
    process.stop();
    return error instanceof TooSlow
      ? { contestant, slowerThanMs: (now() - begin) * 1000 }
      : { contestant, absent: messageOf(error) };
  }
}

/** Why a contestant is not measured; graphics cards that a processor only pretends to be are for tests. */
function unfitness(greeting: BenchGreeting): string | undefined {
  if ('absent' in greeting) return greeting.absent;
  const software = /swiftshader|llvmpipe|lavapipe|software/i.test(greeting.description);
  return software ? `${greeting.description}: not a graphics card, so not measured` : undefined;
}

/** Doubles the windows until the try is long enough; seconds per step of the last and longest. */
async function tryOut(process: BenchRunner, seconds: number, left: () => number): Promise<number> {
  // The first compiles what the others only run. Where there is no time for a second, it counts.
  let secondsPerStep = await process.run(1, left());
  for (let windows = 1, total = 0; total < seconds && secondsPerStep * windows * 1000 < left(); windows *= 2) {
    const taken = await process.run(windows, left() + GRACE_MS);
    secondsPerStep = taken / windows;
    total += taken;
  }
  return secondsPerStep;
}

/** A round that would not end in time is left out; one that does not, against expectation, is the contestant's last. */
async function play({ process, secondsPerStep, rounds }: Entry, { perRound }: BenchTimes, left: number): Promise<void> {
  const windows = Math.max(1, Math.round(perRound / secondsPerStep));
  if (windows * secondsPerStep > left) return;
  try {
    rounds.push((await process.run(windows, left * 1000 + GRACE_MS)) / windows);
  } catch (error) {
    process.stop();
    if (!(error instanceof TooSlow)) throw error;
  }
}

function findingOf({ contestant, description, secondsPerStep, rounds }: Entry): Finding {
  const sorted = (rounds.length > 0 ? [...rounds] : [secondsPerStep]).sort((a, b) => a - b);
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.floor(sorted.length / 2)]) / 2;
  return { contestant, description, msPerStep: middle * 1000, rounds: rounds.length };
}
