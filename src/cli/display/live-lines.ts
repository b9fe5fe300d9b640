import { stripVTControlCharacters } from 'node:util';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const ERASE_BELOW = '\u001b[J';

/** The columns that a terminal has; some say 0 or nothing. */
export function columnsOf(out: NodeJS.WriteStream): number {
  return out.columns || 80;
}

/**
 * Lines at the bottom of a terminal that are painted over, and text that scrolls by above them. Each change is one
 * write, so that nothing flickers. The cursor rests at the start of the last line: what the terminal echoes there, such
 * as ^C, never wraps, and a resize moves nothing as long as there is one line.
 */
export class LiveLines {
  #lines: readonly string[] = [];

  constructor(private readonly out: NodeJS.WriteStream) {}

  /** Replaces the lines, each of which must be narrower than the terminal, and writes `above` over them. */
  show(lines: readonly string[], above?: string): void {
    const first = this.#lines.length === 0 && lines.length > 0;
    if (first) process.on('exit', this.#restore);
    const text = above === undefined ? '' : `${above}\n`;
    this.out.write(`${first ? HIDE_CURSOR : ''}${this.#erase()}${text}${paint(lines)}`);
    this.#lines = lines;
  }

  /** Takes the lines away and gives the cursor back; safe to call again. */
  close(): void {
    if (this.#lines.length === 0) return;
    this.#restore();
    this.#lines = [];
    process.off('exit', this.#restore);
  }

  /** Also when the process ends without `close`, at a second Ctrl-C. */
  readonly #restore = (): void => {
    this.out.write(`${this.#erase()}${SHOW_CURSOR}`);
  };

  /** From the start of the last line: up over the others, which a resize may have wrapped, and clear. */
  #erase(): string {
    if (this.#lines.length === 0) return '';
    const columns = columnsOf(this.out);
    const rows = this.#lines
      .slice(0, -1)
      .reduce((sum, line) => sum + Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns)), 0);
    return `\r${rows > 0 ? `\u001b[${rows}A` : ''}${ERASE_BELOW}`;
  }
}

function paint(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\r`;
}
