import cliProgress, { type MultiBar, type SingleBar } from 'cli-progress';

/** The columns that a terminal has; some say 0 or nothing. */
export function columnsOf(out: NodeJS.WriteStream): number {
  return out.columns || 80;
}

/** Whether lines can be painted over: only on a terminal that obeys control sequences. */
export function canRepaint(out: NodeJS.WriteStream): boolean {
  return out.isTTY && process.env['TERM'] !== 'dumb';
}

/** The bars are painted with wrapping off, so that a resize cannot break them; text above them wraps as usual. */
const WRAP_ON = '\u001b[?7h';
const WRAP_OFF = '\u001b[?7l';
const ERASE_RIGHT = '\u001b[K';

/**
 * Lines at the bottom of a terminal that are painted over, and text that scrolls by above them, by cli-progress: each
 * line is a bar of a MultiBar whose format is the line itself.
 */
export class LiveLines {
  #multi: MultiBar | undefined;
  #bars: SingleBar[] = [];

  constructor(private readonly out: NodeJS.WriteStream) {}

  /** Replaces the lines, each of which must be narrower than the terminal, and writes `above` over them. */
  show(lines: readonly string[], above?: string): void {
    if (lines.length === 0) {
      this.close();
      if (above !== undefined) this.out.write(`${above}\n`);
      return;
    }
    const multi = (this.#multi ??= this.#open());
    for (const bar of this.#bars.splice(lines.length)) multi.remove(bar);
    lines.forEach((line, i) => {
      this.#bars[i] ??= multi.create(1, 0);
      this.#bars[i].update(0, { line });
    });
    if (above !== undefined) {
      multi.log(`${WRAP_ON}${above.replaceAll('\n', `${ERASE_RIGHT}\n`)}${ERASE_RIGHT}\n${WRAP_OFF}`);
    }
    multi.update();
  }

  /** Removes the lines and shows the cursor again; safe to call again. */
  readonly close = (): void => {
    this.#multi?.stop();
    this.#multi = undefined;
    this.#bars = [];
    process.off('exit', this.close);
  };

  #open(): MultiBar {
    // Also when the process ends without `close`, at another Ctrl-C.
    process.on('exit', this.close);
    return new cliProgress.MultiBar({
      stream: this.out,
      format: (_options, _params, payload: { line?: string }) => payload.line ?? '',
      linewrap: false,
      hideCursor: true,
      clearOnComplete: true,
      // What was written above moves the bars, so that an unchanged one must be painted again.
      forceRedraw: true,
      // Ctrl-C is ours: the run is saved first.
      gracefulExit: false,
      fps: 10,
    });
  }
}
