import type { Colours } from './colours.js';

/** Columns of the widest bar, and of the narrowest that is still one. */
const BAR = { widest: 30, narrowest: 6 };

const GAP = '  ';

/** A number with its label, dimmed, before or after it. */
export interface Field {
  /** How soon the field is left out where there is no room: 0 stays, the highest goes first. */
  rank: number;
  before?: string;
  value: string;
  after?: string;
}

/** One line that never wraps: a bar and fields, the least important ones left out where the terminal is narrow. */
export function barLine(fraction: number, fields: readonly Field[], columns: number, colours: Colours): string {
  // One column stays free, since some terminals wrap when the last one is written to.
  const room = columns - 1;
  let shown = [...fields];
  const width = () => shown.reduce((sum, field) => sum + widthOf(field), GAP.length * (shown.length - 1));
  const bar = () => room - width() - GAP.length;
  while (bar() < BAR.narrowest && shown.some(({ rank }) => rank >= DISPENSABLE)) shown = withoutLast(shown);
  const barWidth = Math.min(BAR.widest, bar());
  while (width() > room && shown.length > 1) shown = withoutLast(shown);
  const text = shown.map((field) => paintField(field, colours)).join(GAP);
  if (barWidth >= BAR.narrowest) return `${drawBar(fraction, barWidth, colours)}${GAP}${text}`;
  return width() > room ? shown[0].value.slice(0, room) : text;
}

/** How much is done, beside the bar. */
export function percent(fraction: number): Field {
  return { rank: DISPENSABLE, value: `${Math.floor(fraction * 100)}%`.padStart(3) };
}

/** From this rank on a field is worth less than the bar itself. */
export const DISPENSABLE = 5;

function withoutLast(fields: readonly Field[]): Field[] {
  const highest = Math.max(...fields.map(({ rank }) => rank));
  return fields.filter(({ rank }) => rank !== highest);
}

function widthOf({ before, value, after }: Field): number {
  return [before, value, after].filter((part) => part !== undefined).join(' ').length;
}

function paintField({ before, value, after }: Field, { dim }: Colours): string {
  const parts = [before && dim(before), value, after && dim(after)];
  return parts.filter((part) => part !== undefined).join(' ');
}

/** Heavy line for what is done, to half a column, light line for the rest. */
function drawBar(fraction: number, width: number, { accent, dim }: Colours): string {
  const halves = Math.floor(Math.min(1, Math.max(0, fraction)) * width * 2);
  const done = '━'.repeat(Math.floor(halves / 2)) + (halves % 2 === 1 ? '╸' : '');
  return accent(done) + dim('─'.repeat(width - done.length));
}
