import type { Browser } from 'playwright-core';
import type { Child } from '../../src/bench/child.js';
import { type Spread, spread } from '../../src/bench/statistics.js';
import { PRESETS } from '../../src/options/presets.js';
import { SPECIFICATION } from '../../src/options/train-options.js';
import { barChart } from '../charts.js';
import { launchChromium } from '../chromium.js';
import { describeProblem, type Problem } from '../contest.js';
import { wholeTrainer } from '../contestants/our-contestants.js';
import { SHOWN_ON, type ShownOn, type Times } from '../contestants/watched.js';
import type { SuiteReport } from '../report.js';
import { withChild } from '../start.js';
import { grouped, type Table } from '../table.js';
import type { SuiteContext } from './context.js';

const NAMES: Readonly<Record<ShownOn, string>> = {
  unwatched: '--dashboard, no browser',
  watched: '--dashboard, one browser',
};

const FULL = { rounds: 10, secondsPerRound: 3 };
const QUICK = { rounds: 2, secondsPerRound: 0.5 };

/** The default settings, whose steps are the shortest, and those of `--preset fast`. */
const SETTINGS: readonly { flags: readonly string[]; problem: Problem }[] = [
  { flags: [], problem: SPECIFICATION },
  { flags: ['--preset', 'fast', '--minutes', '60'], problem: { ...SPECIFICATION, ...PRESETS.fast } },
];

/** All rounds of one kind, and the share of the time that goes to the dashboard. */
interface CostRow {
  readonly name: string;
  readonly rounds: readonly Times[];
  readonly share: Spread;
}

/** What the dashboard costs at one size. */
interface Costs {
  readonly problem: Problem;
  readonly rows: readonly CostRow[];
}

/**
 * What `--dashboard` costs a trainer, without a browser and with one. Stretches of one run are shown on one of two dashboards by
 * turns, and what that does on the trainer's thread is timed: two runs side by side differ by many times as much on a busy
 * machine.
 */
export async function dashboardSuite(context: SuiteContext): Promise<SuiteReport> {
  const browser = await launchChromium();
  try {
    const costs: Costs[] = [];
    for (const { flags, problem } of SETTINGS) costs.push(await measure(flags, problem, browser, context));
    return {
      findings: { costs },
      tables: costs.map(costTable),
      notes: [
        "Share of the time of the trainer's thread that the dashboard takes, with writing to the browser: medians over " +
          'rounds by turns in one run. Within a round, stretches of training and each kind of thing that the dashboard ' +
          'does count with the time that their fastest quarter stays below. What the browser itself takes of the machine ' +
          'is no part of it.',
      ],
      chart: () =>
        barChart({
          title: 'What a dashboard costs',
          unit: "per cent of the time of the trainer's thread",
          groups: costs.map(bars),
        }),
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
  const { rounds, secondsPerRound } = quick ? QUICK : FULL;
  const launch = wholeTrainer('--backend', 'auto', '--dashboard', 'true', ...flags);
  return withChild(launch, { ...problem, corpus: corpus.path }, async (child) => {
    const page = await watch(child, browser);
    const stretches = await stretchesIn(secondsPerRound, child);
    const found: Times[][] = SHOWN_ON.map(() => []);
    for (let round = 0; round < rounds; round++) {
      report(`${describeProblem(problem)}: round ${round + 1} of ${rounds}`);
      for (let i = 0; i < SHOWN_ON.length; i++) {
        // Whoever goes first changes from round to round.
        const at = (i + round) % SHOWN_ON.length;
        const { seconds, taken } = await child.ask(`shown ${stretches} ${SHOWN_ON[at]}`);
        found[at].push({ seconds: Number(seconds), taken: Number(taken) });
      }
    }
    await page.close();
    return { problem, rows: SHOWN_ON.map((on, i) => rowOf(NAMES[on], found[i])) };
  });
}

/** Opens the watched dashboard and waits until the page shows that it is connected. */
async function watch(child: Child, browser: Browser) {
  const { address } = await child.ask('address');
  const page = await browser.newPage({ viewport: { width: 1280, height: 830 } });
  await page.goto(String(address));
  await page.locator('.state', { hasText: /\w/ }).waitFor();
  return page;
}

/** Warms up, and finds how many stretches fill a round. */
async function stretchesIn(seconds: number, child: Child): Promise<number> {
  await child.run(2);
  return Math.max(1, Math.round((2 * seconds) / (await child.run(2)).seconds));
}

function rowOf(name: string, rounds: readonly Times[]): CostRow {
  return { name, rounds, share: spread(rounds.map(({ seconds, taken }) => taken / seconds)) };
}

function costTable({ problem, rows }: Costs): Table {
  return {
    title: describeProblem(problem),
    head: ['', "of the trainer's time", 'min..max', 'rounds'],
    rows: rows.map(({ name, rounds, share: { median, min, max } }) => [
      name,
      `${hundredths(median)} %`,
      `${hundredths(min)}..${hundredths(max)} %`,
      grouped(rounds.length),
    ]),
  };
}

/** A part of one in per cent, with two decimals. */
function hundredths(part: number): string {
  return (100 * part).toFixed(2);
}

function bars({ problem, rows }: Costs) {
  return {
    label: describeProblem(problem),
    rows: rows.map(({ name, share }) => ({ name, value: 100 * share.median, highlight: true })),
  };
}
