import type { Child, Launch } from '../../src/bench/child.js';
import { median } from '../../src/bench/statistics.js';
import type { ChildSettings } from '../settings.js';
import { namedOrAbsent, withChild } from '../start.js';
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
export function readingCost(
  name: string,
  launch: Launch,
  settings: ChildSettings,
  count: number,
): Promise<ReadingCost> {
  const measure = async (child: Child) => {
    await child.run(STEPS);
    const rounds: ReadingRound[] = [];
    for (let round = 0; round < count; round++) rounds.push(await readingRound(child));
    const middle = (key: keyof ReadingRound) => median(rounds.map((round) => round[key]));
    return { eachMs: middle('eachMs'), togetherMs: middle('togetherMs'), rounds };
  };
  return namedOrAbsent(name, () => withChild(launch, settings, measure));
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
