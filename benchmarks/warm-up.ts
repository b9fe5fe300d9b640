import { messageOf } from '../src/errors.js';
import { Child, type Launch } from './child.js';
import type { ChildSettings, Identity } from './protocol.js';

/** A contestant's process, warmed up. */
export interface Runner {
  readonly launch: Launch;
  readonly identity: Identity;
  readonly child: Child;
  readonly secondsPerStep: number;
  /** Steps that it makes in one call where it is given that many: only whole calls show its speed. */
  readonly stepsPerCall: number;
}

/**
 * Warms every alternative up in turn, each for so many seconds; keeps the fastest running and ends the others.
 * @throws Error with the reason where none runs.
 */
export async function fastestRunner(
  launches: readonly Launch[],
  settings: ChildSettings,
  seconds: number,
): Promise<Runner> {
  const runners: Runner[] = [];
  let reason = 'it names no program to start';
  for (const launch of launches) {
    await warmUp(launch, settings, seconds).then(
      (runner) => runners.push(runner),
      (error: unknown) => (reason = messageOf(error)),
    );
  }
  const [best, ...slower] = runners.sort((a, b) => a.secondsPerStep - b.secondsPerStep);
  await Promise.all(slower.map(({ child }) => child.stop()));
  if (!best) throw new Error(reason);
  return best;
}

/**
 * The alternative that is fastest in a trial of so many seconds.
 * @throws Error with the reason where none runs.
 */
export async function fastestLaunch(
  launches: readonly Launch[],
  settings: ChildSettings,
  seconds: number,
): Promise<Launch> {
  const { launch, child } = await fastestRunner(launches, settings, seconds);
  await child.stop();
  return launch;
}

async function warmUp(launch: Launch, settings: ChildSettings, seconds: number): Promise<Runner> {
  const { child, identity } = await Child.start(launch, settings);
  try {
    const stepsPerCall = Math.max(1, Number(identity.details.windowsPerCall ?? 1));
    return { launch, identity, child, stepsPerCall, secondsPerStep: await calibrate(child, stepsPerCall, seconds) };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/**
 * Doubles the calls until the warm-up is over. The faster of the last two and longest runs tells the seconds of a step,
 * because one of them may have been disturbed.
 */
async function calibrate(child: Child, stepsPerCall: number, warmupSeconds: number): Promise<number> {
  for (const steps of firstRuns(stepsPerCall)) await child.run(steps);
  const secondsPerStep: number[] = [];
  let total = 0;
  for (let steps = stepsPerCall; total < warmupSeconds; steps *= 2) {
    const { seconds } = await child.run(steps);
    total += seconds;
    secondsPerStep.push(seconds / steps);
  }
  return Math.min(...secondsPerStep.slice(-2));
}

/**
 * Runs that are not counted: the first single step and the first whole call compile, for seconds, what the others only
 * run. Between them single steps fill a call up: all later calls then start at a multiple of its steps, and where the
 * text's windows are one too, none is cut at its end.
 */
function firstRuns(stepsPerCall: number): number[] {
  return stepsPerCall > 1 ? [1, stepsPerCall - 1, stepsPerCall] : [1];
}
