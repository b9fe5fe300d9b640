import type { ReadingProgress } from '../../corpus/open-corpus.js';
import { barLine, percent } from './bar-line.js';
import { coloursFor } from './colours.js';
import { canRepaint, columnsOf, LiveLines } from './live-lines.js';
import { formatBytes } from '../../format/numbers.js';
import { printableLine } from '../../format/printable.js';

/** Shows how far the reading of a text is. */
export interface ReadingBar {
  show: (progress: ReadingProgress) => void;
  /** Removes the bar. */
  close: () => void;
}

/** Shortest time between frames, and how long a reading takes at least to get a bar. */
const TIMES = { frameMs: 80, patienceMs: 300 };

/** A bar on a terminal for a text that takes a while to read; nothing for --quiet and --json, and in files and pipes. */
export function readingBar(
  { quiet = false, json = false }: { quiet?: boolean | undefined; json?: boolean | undefined },
  out: NodeJS.WriteStream,
  times = TIMES,
): ReadingBar {
  if (quiet || json || !canRepaint(out)) return { show() {}, close() {} };
  const live = new LiveLines(out);
  let next = performance.now() + times.patienceMs;
  return {
    show: (progress) => {
      if (performance.now() < next) return;
      next = performance.now() + times.frameMs;
      live.show([lineOf(progress, out)]);
    },
    close: () => live.close(),
  };
}

function lineOf({ name, bytes, totalBytes }: ReadingProgress, out: NodeJS.WriteStream): string {
  const columns = columnsOf(out);
  const file = { rank: 1, value: printableLine(name) };
  const reading = { rank: 0, value: 'reading' };
  if (totalBytes === undefined) return `reading ${formatBytes(bytes)}`.slice(0, columns - 1);
  const size = { rank: 2, value: `${formatBytes(bytes)} of ${formatBytes(totalBytes)}` };
  const fraction = bytes / Math.max(1, totalBytes);
  return barLine(fraction, [percent(fraction), reading, size, file], columns, coloursFor(out));
}
