import type { Browser } from 'playwright-core';
import type { Child } from '../../src/bench/child.js';
import { charactersPerStep, median, type Spread, spread } from '../../src/bench/statistics.js';
import { PRESETS } from '../../src/options/presets.js';
import { DEFAULTS, SPECIFICATION } from '../../src/options/train-options.js';
import { barChart } from '../charts.js';
import { launchChromium } from '../chromium.js';
import { describeProblem, type Problem } from '../contest.js';
import { wholeTrainer } from '../contestants/our-contestants.js';
import type { SuiteReport } from '../report.js';
import { startChild } from '../start.js';
import { digits, grouped, percent, type Table } from '../table.js';
import type { SuiteContext } from './context.js';

const WITHOUT = 'no dashboard';
const UNWATCHED = '--dashboard, no browser';
const WATCHED = '--dashboard, one browser';
const NAMES = [WITHOUT, UNWATCHED, WATCHED] as const;

type Name = (typeof NAMES)[number];

/** A stretch is as many steps as lie between two live samples, with the report that is due then. */
const STEPS = DEFAULTS.sampleEvery;

/** Rounds cost little, and it takes many to see a hundredth. */
const FULL = { rounds: 25, secondsPerRound: 1 };
const QUICK = { rounds: 2, secondsPerRound: 0.1 };

/** The default settings, whose steps are the shortest, and those of `--preset fast`. */
const SETTINGS: readonly { flags: readonly string[]; problem: Problem }[] = [
  { flags: [], problem: SPECIFICATION },
  { flags: ['--preset', 'fast', '--minutes', '60'], problem: { ...SPECIFICATION, ...PRESETS.fast } },
];

/** What a round of one contestant took, a step. */
interface Cost {
  readonly ms: number;
  /** Of processors, all threads of the trainer's process together. */
  readonly cpuMs: number;
}

/** One contestant's rounds, and how much more than the one without a dashboard each took, as a part of that. */
interface CostRow {
  readonly name: Name;
  readonly rounds: readonly Cost[];
  readonly ms: Spread;
  readonly cpuMs: Spread;
  readonly more: number;
  readonly moreCpu: number;
}

/** What all contestants took at one size. */
interface Costs {
  readonly problem: Problem;
  readonly rows: readonly CostRow[];
}

/**
 * What `--dashboard` costs a trainer, without a browser and with one. The browser is no part of the trainer, but it takes
 * processors from it on a machine with few: so the time of the trainer's process counts beside the clock.
 */
export async function dashboardSuite(context: SuiteContext): Promise<SuiteReport> {
  const browser = await launchChromium();
  try {
    const costs: Costs[] = [];
    for (const { flags, problem } of SETTINGS) costs.push(await measure(flags, problem, browser, context));
    return {
      findings: { costs },
      tables: costs.map(costTable),
      notes: costs.map(note),
      chart: () =>
        barChart({ title: 'Training with a dashboard', unit: 'characters a second', groups: costs.map(bars) }),
    };
  } finally {
    await browser.close();
  }
}

async function measure(
  flags: readonly string[],
  problem: Problem,
  browser: Browser,
  { quick, corpus, report }: SuiteContext,
): Promise<Costs> {
  const settings = { ...problem, corpus: corpus.path };
  const start = (name: Name) =>
    startChild(wholeTrainer('--backend', 'auto', '--dashboard', String(name !== WITHOUT), ...flags), settings);
  const players = NAMES.map((name) => ({ name, child: start(name), rounds: [] as Cost[] }));
  try {
    for (const { name, child } of players) {
      await child.ready();
      if (name === WATCHED) await watch(child, browser);
    }
    const { rounds, secondsPerRound } = quick ? QUICK : FULL;
    const stretches = await stretchesIn(secondsPerRound, players.map(({ child }) => child)); // prettier-ignore
    for (let round = 0; round < rounds; round++) {
      report(`${describeProblem(problem)}: round ${round + 1} of ${rounds}`);
      // Whoever goes first changes from round to round.
      const order = players.map((_, i) => players[(i + round) % players.length]);
      for (const player of order) player.rounds.push(await costOf(player.child, stretches));
    }
  } finally {
    await Promise.all(players.map(({ child }) => child.stop()));
  }
  const [reference] = players;
  return { problem, rows: players.map(({ name, rounds }) => rowOf(name, rounds, reference.rounds)) };
}

/** Opens a trainer's dashboard and waits until the page shows that it is connected. */
async function watch(child: Child, browser: Browser): Promise<void> {
  const { address } = await child.ask('address');
  const page = await browser.newPage({ viewport: { width: 1280, height: 830 } });
  await page.goto(String(address));
  await page.locator('.state', { hasText: /\w/ }).waitFor();
}

/** Warms all up, and finds how many stretches of the slowest fill a round. */
async function stretchesIn(seconds: number, children: readonly Child[]): Promise<number> {
  const taken: number[] = [];
  for (const child of children) {
    await costOf(child, 1);
    taken.push((await costOf(child, 1)).ms * STEPS);
  }
  return Math.max(1, Math.round((seconds * 1000) / Math.max(...taken)));
}

async function costOf(child: Child, stretches: number): Promise<Cost> {
  const { seconds, cpuSeconds } = await child.ask(`cost ${stretches}`);
  const perStep = (value: unknown) => (Number(value) * 1000) / (stretches * STEPS);
  return { ms: perStep(seconds), cpuMs: perStep(cpuSeconds) };
}

function rowOf(name: Name, rounds: readonly Cost[], reference: readonly Cost[]): CostRow {
  const more = (key: keyof Cost) => median(rounds.map((round, i) => round[key] / reference[i][key])) - 1;
  const of = (key: keyof Cost) => spread(rounds.map((round) => round[key]));
  return { name, rounds, ms: of('ms'), cpuMs: of('cpuMs'), more: more('ms'), moreCpu: more('cpuMs') };
}

function costTable({ problem, rows }: Costs): Table {
  const range = ({ min, max }: Spread) => `${digits(min)}..${digits(max)}`;
  return {
    title: describeProblem(problem),
    head: ['', 'chars/s', 'ms/step', 'min..max', 'more', 'CPU ms/step', 'min..max', 'more'],
    rows: rows.map(({ name, ms, cpuMs, more, moreCpu }) => [
      name,
      grouped((charactersPerStep(problem) * 1000) / ms.median),
      digits(ms.median),
      range(ms),
      name === WITHOUT ? '-' : percent(more),
      digits(cpuMs.median),
      range(cpuMs),
      name === WITHOUT ? '-' : percent(moreCpu),
    ]),
  };
}

function note({ problem, rows }: Costs): string {
  const found = rows
    .filter(({ name }) => name !== WITHOUT)
    .map(({ name, more, moreCpu }) => `${name} ${percent(more)} by the clock and ${percent(moreCpu)} of CPU time`);
  return (
    `More than with no dashboard at ${describeProblem(problem)}, medians over rounds side by side: ${found.join('; ')}. ` +
    "CPU time is that of the trainer's process alone; the clock counts what the browser takes of the machine too."
  );
}

function bars({ problem, rows }: Costs) {
  const speed = (ms: number) => (charactersPerStep(problem) * 1000) / ms;
  const row = ({ name, ms }: CostRow) => ({ name, value: speed(ms.median), highlight: name !== WITHOUT });
  return { label: describeProblem(problem), rows: rows.map(row) };
}
