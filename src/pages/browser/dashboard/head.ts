import type { RunRecord } from '../../../dashboard/record.js';
import { printableLine } from '../../../format/printable.js';
import { element } from '../shared/element.js';
import type { Link } from './connection.js';
import { setText } from './panel.js';

const ENDINGS = { done: 'Done', stopped: 'Stopped', failed: 'Failed' } as const;

/** The head of the page: what is trained, whether it still runs, how far it is, and in the end how it ended. */
export interface Head {
  readonly title: HTMLElement;
  readonly node: HTMLElement;
  readonly show: (record: RunRecord | undefined, link: Link) => void;
}

/** Makes the head of the page. */
export function head(): Head {
  const kicker = element('p', { class: 'soft small' }, 'min-char-rnn');
  const name = element('h1', {}, '…');
  const state = element('strong', { class: 'state' });
  const goal = element('span', { class: 'soft goal' });
  const bar = element('div', { class: 'bar-fill' });
  const track = element('div', { class: 'bar', role: 'progressbar', 'aria-label': 'Progress', 'aria-valuemin': 0, 'aria-valuemax': 100 }, bar); // prettier-ignore
  const line = element('p', { class: 'line number' });
  const news = element('p', { class: 'visually-hidden', role: 'status' });
  const node = element('section', { class: 'card head', 'aria-label': 'State' }, state, goal, track, line, news);
  const show = (record: RunRecord | undefined, link: Link) => {
    const fraction = fractionOf(record);
    setText(kicker, record?.ending ? 'min-char-rnn was trained on' : 'min-char-rnn is training on');
    setText(name, titleOf(record));
    setText(state, stateOf(record, link));
    node.dataset['state'] = record?.ending?.how ?? link;
    setText(goal, goalOf(record));
    setText(line, lineOf(record, link));
    setText(news, newsOf(record, link));
    bar.style.transform = `scaleX(${fraction})`;
    track.setAttribute('aria-valuenow', String(Math.floor(100 * fraction)));
    if (record) document.title = `${stateOf(record, link)}${percentOf(record)} · ${titleOf(record)}`;
  };
  return { title: element('div', { class: 'title' }, kicker, name), node, show };
}

/** The text that is trained on, without its folder. */
function titleOf(record: RunRecord | undefined): string {
  return printableLine(record?.description?.corpus.replace(/^.*[/\\](?=.)/, '') ?? '…');
}

function stateOf(record: RunRecord | undefined, link: Link): string {
  if (record?.ending) return ENDINGS[record.ending.how];
  if (!record) return 'Connecting';
  if (link === 'lost') return 'Connection lost';
  return record.activity.what === 'reading' ? 'Reading' : 'Training';
}

/** What ends the run; in the end, where the model is. */
function goalOf(record: RunRecord | undefined): string {
  if (record?.ending)
    return record.ending.path === null ? 'not saved' : `saved to ${printableLine(record.ending.path)}`;
  if (!record?.description) return '';
  return record.description.limits === '' ? 'until Ctrl-C' : `until ${record.description.limits}`;
}

/** The part that is done of the run or, where it has no end, of the epoch. */
function fractionOf(record: RunRecord | undefined): number {
  if (record?.activity.what === 'reading') return record.activity.fraction ?? 0;
  const numbers = record?.numbers;
  if (!numbers) return 0;
  return numbers.fraction ?? numbers.epoch % 1;
}

function percentOf(record: RunRecord | undefined): string {
  const fraction = record?.numbers?.fraction;
  return record?.ending || fraction == null ? '' : ` ${percent(fraction)}`;
}

function percent(fraction: number): string {
  return `${Math.floor(100 * fraction)} %`;
}

function lineOf(record: RunRecord | undefined, link: Link): string {
  if (record?.ending) return record.ending.lines[0];
  if (link === 'lost')
    return 'Nothing answers. The run may have ended; this page shows it again as soon as it hears of it.';
  const numbers = record?.numbers;
  if (!numbers) return '';
  const { epoch, fraction } = numbers;
  const done = fraction === null ? `${percent(epoch % 1)} of this epoch` : `${percent(fraction)} done`;
  const { what, fraction: validated } = record.activity;
  return what === 'validating' ? `${done} · validating, ${percent(validated ?? 0)}` : done;
}

/** What a screen reader says by itself: that the connection is lost, or how the run ended. */
function newsOf(record: RunRecord | undefined, link: Link): string {
  if (record?.ending) return `The run has ended. ${record.ending.lines.join('. ')}`;
  return link === 'lost' ? 'Connection lost' : '';
}
