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
  const rows: TableRow[] = alike(ours).map((trials) => {
    const steps = trials.map((trial) => trial.steps);
    const shown = [...new Set([Math.min(...steps), Math.max(...steps)])];
    const times = shown.map((count) => minutes(fast && (count * fast.seconds) / fast.steps));
    return ['`--preset fast`', shown.map(grouped).join(' to '), [...new Set(times)].join(' to '), range(trials)];
  });
  for (const [name, shown] of CURVES) {
    const last = lastOf(name);
    if (last) rows.push([shown, grouped(last.steps), minutes(last.seconds), last.natsPerChar.toFixed(3)]);
  }
  return { title: '', head: ['', 'steps', 'minutes', 'nats/char'], rows };
}

/** Trials in groups, of fewer steps first; in a group the longest has at most a quarter more steps than the shortest. */
function alike(trials: readonly Trial[]): Trial[][] {
  const groups: Trial[][] = [];
  for (const trial of [...trials].sort((a, b) => a.steps - b.steps)) {
    const group = groups.at(-1);
    if (group && trial.steps <= 1.25 * group[0].steps) group.push(trial);
    else groups.push([trial]);
  }
  return groups;
}

function minutes(seconds: number | undefined): string {
  return seconds === undefined ? '' : (seconds / 60).toFixed(1);
}

function range(trials: readonly Trial[]): string {
  const nats = trials.map(({ validation }) => validation);
  const [least, most] = [Math.min(...nats), Math.max(...nats)].map((value) => value.toFixed(3));
  return trials.length === 1 ? least : `${least} to ${most} (${trials.length} seeds)`;
}
