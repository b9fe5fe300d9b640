import type { RunRecord } from '../../../dashboard/record.js';
import { formatCount, formatDuration, formatRate, formatSignificant } from '../../../format/numbers.js';
import { element } from '../shared/element.js';
import { type Panel, setText } from './panel.js';
import { inUnit, type View } from './view.js';

/** A number, and below it its unit or a remark: beside it, that would move as the number grows. */
type Shown = readonly [value: string, remark: string];

const NOTHING = '–';

/** The numbers of the run, by their titles. */
const TILES: Readonly<Record<string, (record: RunRecord, view: View) => Shown>> = {
  'Training loss': ({ numbers }, view) => loss(numbers?.natsPerChar, ', smoothed', view),
  'Best validation': ({ best }, view) => loss(best?.[2], best ? `, step ${formatCount(best[0])}` : '', view),
  Speed: ({ numbers }) => [numbers ? formatRate(numbers.charsPerSecond) : NOTHING, 'chars/s'],
  'Learning rate': ({ numbers }) => [numbers ? formatSignificant(numbers.learningRate) : NOTHING, ''],
  Step: ({ numbers }) => [numbers ? formatCount(numbers.step) : NOTHING, epoch(numbers?.epoch)],
  'Time left': ({ numbers, ending }) => {
    const left = ending ? null : numbers?.remainingSeconds;
    const passed = formatDuration(numbers?.elapsedSeconds ?? 0);
    return [left == null ? NOTHING : formatDuration(left), `${passed} ${ending ? 'in all' : 'so far'}`];
  },
};

function loss(natsPerChar: number | undefined, remark: string, view: View): Shown {
  const value = natsPerChar === undefined ? NOTHING : inUnit(natsPerChar, view).toFixed(3);
  return [value, `${view.unit}/char${remark}`];
}

function epoch(value: number | undefined): string {
  return value === undefined ? '' : `epoch ${value.toFixed(2)}`;
}

/** The numbers as they are now. */
export function tiles(): Panel {
  const all = Object.entries(TILES).map(([title, shownOf]) => ({ ...tile(title), shownOf }));
  const node = element('dl', { class: 'tiles', 'aria-label': 'Numbers' }, ...all.map((one) => one.node));
  return { node, show: (record, view) => all.forEach((one) => one.show(one.shownOf(record, view))) };
}

function tile(title: string) {
  const parts = ['value', 'remark soft'].map((name) => element('span', { class: name }));
  const node = element('div', { class: 'card tile' }, element('dt', {}, title), element('dd', {}, ...parts));
  return { node, show: (shown: Shown) => parts.forEach((part, i) => setText(part, shown[i])) };
}
