import { messageOf } from '../../src/errors.js';
import { Child, type Launch } from '../child.js';
import type { ChildSettings } from '../protocol.js';
import { median } from '../statistics.js';
import { digits, percent } from '../table.js';

/** Steps whose losses are read back one by one, and then together. */
const STEPS = 20;

/** Milliseconds of a step whose loss is read back at once, and of one among many that are read back together. */
export type ReadingCost = { readonly name: string } & (
  | { readonly eachMs: number; readonly togetherMs: number; readonly rounds: readonly ReadingRound[] }
  | { readonly absent: string }
);

/** The same, of a single round. */
export interface ReadingRound {
  readonly eachMs: number;
  readonly togetherMs: number;
}

/** Measures both ways in turn, so many rounds of each; medians count. */
export async function readingCost(
  { name, launch }: { readonly name: string; readonly launch: Launch },
  settings: ChildSettings,
  count: number,
): Promise<ReadingCost> {
  try {
    const { child } = await Child.start(launch, settings);
    try {
      await child.run(STEPS);
      const rounds: ReadingRound[] = [];
      for (let round = 0; round < count; round++) rounds.push(await readingRound(child));
      const middle = (key: keyof ReadingRound) => median(rounds.map((round) => round[key]));
      return { name, eachMs: middle('eachMs'), togetherMs: middle('togetherMs'), rounds };
    } finally {
      await child.stop();
    }
  } catch (error) {
    return { name, absent: messageOf(error) };
  }
}

async function readingRound(child: Child): Promise<ReadingRound> {
  let each = 0;
  for (let step = 0; step < STEPS; step++) each += (await child.run(1)).seconds;
  const { seconds: together } = await child.run(STEPS);
  return { eachMs: (each * 1000) / STEPS, togetherMs: (together * 1000) / STEPS };
}

/** The cost in a sentence; what each step takes longer is given as a part of its time. */
export function readingLine(cost: ReadingCost, size: string): string {
  const what = `Reading losses back, ${cost.name}, ${size}`;
  if ('absent' in cost) return `${what}: not measured, ${cost.absent}.`;
  const { eachMs, togetherMs } = cost;
  const part = Math.max(0, eachMs - togetherMs) / eachMs;
  return (
    `${what}: ${digits(eachMs)} ms/step where each is read at once, ${digits(togetherMs)} where ${STEPS} are read ` +
    `together; that is ${percent(part)} of the former.`
  );
}
