import type { Trial } from '../../benchmarks/learning-table.js';
import { grouped, type Table, type TableRow } from '../../benchmarks/table.js';
import { PRESETS } from '../../src/options/presets.js';
import { flagOf } from '../../src/options/names.js';
import type { Results } from './results.js';

/** The options of a trial, in an order of their own. */
const sorted = (options: readonly string[]) => [...options].sort().join(' ');
const optionsOf = (settings: string) => sorted(settings.split(/(?= --)/).map((option) => option.trim()));

/** The options of --preset fast, as the trials name them. */
const FAST = sorted(Object.entries(PRESETS.fast).map(([name, value]) => `${flagOf(name)} ${value}`));

/** Curves against the clock, and what to call them. */
const CURVES = [
  ['min-char-rnn, defaults', 'the defaults'],
  ['NumPy program', 'the NumPy program'],
] as const;

/** What to expect of nats a character, and when; the preset's minutes are its steps at the speed of its curve. */
export function expectations(trials: readonly Trial[], { curves }: Results['quality']): Table {
  const lastOf = (name: string) => curves.find((curve) => curve.name === name)?.points?.at(-1);
  const fast = lastOf('min-char-rnn --preset fast');
  const ours = trials.filter(({ program, settings }) => program === 'min-char-rnn' && optionsOf(settings) === FAST);
  const steps = [...new Set(ours.map((trial) => trial.steps))].sort((a, b) => a - b);
  const rows: TableRow[] = steps.map((count) => {
    const seconds = fast && (count * fast.seconds) / fast.steps;
    return ['`--preset fast`', grouped(count), minutes(seconds), range(ours.filter((trial) => trial.steps === count))];
  });
  for (const [name, shown] of CURVES) {
    const last = lastOf(name);
    if (last) rows.push([shown, grouped(last.steps), minutes(last.seconds), last.natsPerChar.toFixed(3)]);
  }
  return { title: '', head: ['', 'steps', 'minutes', 'nats/char'], rows };
}

function minutes(seconds: number | undefined): string {
  return seconds === undefined ? '' : (seconds / 60).toFixed(1);
}

function range(trials: readonly Trial[]): string {
  const nats = trials.map(({ validation }) => validation);
  const [least, most] = [Math.min(...nats), Math.max(...nats)].map((value) => value.toFixed(3));
  return trials.length === 1 ? least : `${least} to ${most} (${trials.length} seeds)`;
}
