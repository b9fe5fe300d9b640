import type { TrainingEvent } from '../../trainer/events.js';
import type { Limits } from '../../trainer/schedule.js';
import { JsonDisplay } from './json-display.js';
import { PlainDisplay } from './plain-display.js';
import { TerminalDisplay } from './terminal-display.js';

/** Shows a run as it goes. */
export interface Display {
  /** A line about the run itself: backend, corpus, a checkpoint saved. */
  note(line: string): void;
  event(event: TrainingEvent): void;
  /** Leaves the screen tidy; called once, also after an error. */
  close(): void;
}

/** What a display needs to know of a run beforehand. */
export interface RunOutline {
  limits: Limits;
  windowsPerEpoch: number;
}

/** Shows nothing: for --quiet. */
export const SILENT: Display = { note() {}, event() {}, close() {} };

/** The display for where the output goes: bars for a terminal, plain lines without control characters elsewhere. */
export function chooseDisplay(
  { quiet, json }: { quiet: boolean; json: boolean },
  outline: RunOutline,
  out: NodeJS.WriteStream = process.stdout,
): Display {
  if (json) return new JsonDisplay(out);
  if (quiet) return SILENT;
  return out.isTTY && process.env['TERM'] !== 'dumb' ? new TerminalDisplay(out, outline) : new PlainDisplay(out);
}
