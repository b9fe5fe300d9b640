import cliProgress, { type MultiBar, type SingleBar } from 'cli-progress';
import type { Progress, TrainingEvent } from '../../trainer/events.js';
import { fractionDone } from '../../trainer/schedule.js';
import { formatCount, formatDuration, formatRate } from '../format.js';
import type { Display, RunOutline } from './display.js';
import { describeEvent } from './plain-display.js';

/** Positions of a bar; fractions are shown in this many steps. */
const TOTAL = 10_000;

/** Widest bar, and the narrowest that is still one. */
const BAR_WIDTHS = { widest: 24, narrowest: 4 };

/** Live bars at the bottom of a terminal, samples and validations above them. */
export class TerminalDisplay implements Display {
  readonly #bars: MultiBar;
  #training: SingleBar | undefined;
  #validation: SingleBar | undefined;
  /** Time and fraction of the first sight of the run: the remaining time is judged from there. */
  #start: { seconds: number; fraction: number } | undefined;

  constructor(
    private readonly out: NodeJS.WriteStream,
    private readonly outline: RunOutline,
  ) {
    this.#bars = new cliProgress.MultiBar(
      {
        stream: out,
        format: (_options, params, payload: { text?: string }) =>
          barLine(params.progress, payload.text ?? '', out.columns),
        hideCursor: true,
        clearOnComplete: true,
        stopOnComplete: false,
        linewrap: false,
        fps: 12,
        // Ctrl-C is ours: the run is saved before the cursor comes back.
        gracefulExit: false,
        emptyOnZero: true,
      },
      cliProgress.Presets.shades_classic,
    );
  }

  note(line: string): void {
    this.#print(line);
  }

  event(event: TrainingEvent): void {
    switch (event.type) {
      case 'report':
      case 'progress':
        return this.#progress({ ...event, type: 'progress' });
      case 'validation-progress':
        this.#validation ??= this.#bars.create(TOTAL, 0);
        return this.#validation.update(Math.round(event.fraction * TOTAL), { text: 'validating' });
      case 'validation':
        if (this.#validation) this.#bars.remove(this.#validation);
        this.#validation = undefined;
        return this.#print(describeEvent(event) ?? '');
      case 'sample':
        return this.#print(describeEvent(event) ?? '');
      case 'end':
    }
  }

  close(): void {
    this.#bars.stop();
  }

  /** Above the bars while there are any, else as it is. */
  #print(text: string): void {
    if (!this.#training) {
      this.out.write(`${text}\n`);
      return;
    }
    this.#bars.log(`${text}\n`);
    this.#bars.update();
  }

  /** A run with a limit fills one bar; an endless one fills a bar each epoch. */
  #progress(progress: Progress): void {
    const { limits, windowsPerEpoch } = this.outline;
    const endless = limits.steps === undefined && limits.epochs === undefined && limits.minutes === undefined;
    const done = fractionDone(limits, progress.step, windowsPerEpoch, progress.elapsedSeconds);
    const fraction = endless ? progress.epoch % 1 : done;
    const end = endless ? `epoch ${Math.floor(progress.epoch) + 1}` : `ETA ${this.#remaining(progress, done)}`;
    const text =
      `step ${formatCount(progress.step)}  loss ${progress.smoothLoss.toFixed(2)}  ` +
      `${progress.natsPerChar.toFixed(3)} nats/char  ${formatRate(progress.charsPerSecond)} chars/s  ${end}`;
    this.#training ??= this.#bars.create(TOTAL, 0, { text });
    this.#training.update(Math.floor(fraction * TOTAL), { text });
  }

  #remaining({ elapsedSeconds }: Progress, fraction: number): string {
    this.#start ??= { seconds: elapsedSeconds, fraction };
    const done = fraction - this.#start.fraction;
    if (done <= 0) return '-';
    return formatDuration(((elapsedSeconds - this.#start.seconds) / done) * (1 - fraction));
  }
}

/** A bar, its percentage and its text in one line that never wraps. */
function barLine(fraction: number, text: string, columns = 80): string {
  const percent = `${Math.floor(fraction * 100)}%`.padStart(4);
  const room = columns - 1 - percent.length - 2 - text.length;
  const width = Math.min(BAR_WIDTHS.widest, room);
  if (width < BAR_WIDTHS.narrowest) return `${percent.trimStart()}  ${text}`.slice(0, columns - 1);
  const filled = Math.round(fraction * width);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)}${percent}  ${text}`;
}
