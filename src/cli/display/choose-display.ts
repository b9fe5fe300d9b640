import { type Display, type RunOutline, SILENT } from './display.js';
import { JsonDisplay } from './json-display.js';
import { canRepaint } from './live-lines.js';
import { PlainDisplay } from './plain-display.js';
import { TerminalDisplay } from './terminal-display.js';

/** The display for where the output goes: bars for a terminal, plain lines without control characters elsewhere. */
export function chooseDisplay(
  { quiet, json }: { quiet: boolean; json: boolean },
  outline: RunOutline,
  out: NodeJS.WriteStream = process.stdout,
): Display {
  if (json) return new JsonDisplay(out);
  if (quiet) return SILENT;
  return canRepaint(out) ? new TerminalDisplay(out, outline) : new PlainDisplay(out);
}
