import type { Child, Launch } from '../src/bench/child.js';
import { Player } from '../src/bench/player.js';
import { messageOf } from '../src/errors.js';
import type { ChildSettings } from './settings.js';
import { startChild } from './start.js';

/** A contestant's process, warmed up. */
export interface WarmedUp {
  readonly launch: Launch;
  readonly child: Child;
  readonly player: Player;
}

/**
 * Warms every alternative up in turn, each for so many seconds; keeps the fastest running and ends the others.
 * @throws Error with the reason where none runs.
 */
export async function fastest(
  launches: readonly Launch[],
  settings: ChildSettings,
  seconds: number,
): Promise<WarmedUp> {
  const running: WarmedUp[] = [];
  let reason = 'it names no program to start';
  for (const launch of launches) {
    try {
      running.push(await warmUp(launch, settings, seconds));
    } catch (error) {
      reason = messageOf(error);
    }
  }
  const [best, ...slower] = running.sort((a, b) => a.player.secondsPerStep - b.player.secondsPerStep);
  await Promise.all(slower.map(({ child }) => child.stop()));
  if (!best) throw new Error(reason);
  return best;
}

async function warmUp(launch: Launch, settings: ChildSettings, seconds: number): Promise<WarmedUp> {
  const child = startChild(launch, settings);
  const player = await Player.load(child);
  await player.warmUp(seconds);
  if (player.failure) throw new Error(player.failure.reason);
  return { launch, child, player };
}
