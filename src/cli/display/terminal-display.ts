import type { Report, Sample, TrainingEvent, Validation } from '../../trainer/events.js';
import { fractionDone } from '../../trainer/schedule.js';
import { formatCount, formatDuration, formatRate } from '../../format/numbers.js';
import { printable } from '../../format/printable.js';
import { barLine, type Field, percent } from './bar-line.js';
import { type Colours, coloursFor } from './colours.js';
import type { Display, RunOutline } from './display.js';
import { columnsOf, LiveLines } from './live-lines.js';
import { Pace } from '../../trainer/pace.js';

/** Shortest time between frames of the bar alone, and how long a validation takes at least to get a bar of its own. */
const TIMES = { frameMs: 80, validationMs: 300 };

/** Widest rule above a sample. */
const RULE_WIDTH = 79;

type Numbers = Omit<Report, 'type'>;

/** Live bars at the bottom of a terminal, samples and validations above them. */
export class TerminalDisplay implements Display {
  readonly #live: LiveLines;
  readonly #colours: Colours;
  readonly #pace = new Pace();
  #numbers: (Numbers & { rate: number }) | undefined;
  /** The validation that runs now: since when, and how far it is. */
  #validation: { start: number; fraction: number } | undefined;
  #lastFrame = -Infinity;

  constructor(
    private readonly out: NodeJS.WriteStream,
    private readonly outline: RunOutline,
    private readonly times = TIMES,
  ) {
    this.#live = new LiveLines(out);
    this.#colours = coloursFor(out);
    out.on('resize', this.#paint);
  }

  note(line: string): void {
    this.#print(printable(line));
  }

  event(event: TrainingEvent): void {
    switch (event.type) {
      case 'report':
      case 'progress':
        this.#numbers = { ...event, rate: this.#pace.rate(event) };
        return this.#refresh();
      case 'sample':
        return this.#print(`${this.#heading(event)}\n${printable(event.text)}`);
      case 'validation-progress':
        this.#validation = { start: this.#validation?.start ?? performance.now(), fraction: event.fraction };
        return this.#refresh();
      case 'validation':
        this.#validation = undefined;
        return this.#print(this.#describe(event));
      case 'end':
    }
  }

  close(): void {
    this.out.off('resize', this.#paint);
    this.#live.close();
    this.#numbers = undefined;
  }

  #refresh(): void {
    if (performance.now() - this.#lastFrame > this.times.frameMs) this.#paint();
  }

  readonly #paint = (): void => {
    if (this.#numbers) this.#print(undefined);
  };

  /** Text above the bars, which show the latest numbers at once; before the first and after `close` there are none. */
  #print(text: string | undefined): void {
    this.#lastFrame = performance.now();
    this.#live.show(this.#lines(), text);
  }

  #lines(): string[] {
    if (!this.#numbers) return [];
    const columns = columnsOf(this.out);
    const training = barLine(this.#fraction(this.#numbers), this.#fields(this.#numbers), columns, this.#colours);
    const { start = Infinity, fraction = 0 } = this.#validation ?? {};
    // A bar that is gone at once would only make the screen jump.
    if (performance.now() - start < this.times.validationMs) return [training];
    const fields = [percent(fraction), { rank: 0, value: 'validating' }];
    return [training, barLine(fraction, fields, columns, this.#colours)];
  }

  get #endless(): boolean {
    const { steps, epochs, minutes } = this.outline.limits;
    return steps === undefined && epochs === undefined && minutes === undefined;
  }

  /** A run with a limit fills one bar; an endless one fills a bar each epoch. */
  #fraction({ step, epoch, elapsedSeconds }: Numbers): number {
    const { limits, windowsPerEpoch } = this.outline;
    return this.#endless ? epoch % 1 : fractionDone(limits, step, windowsPerEpoch, elapsedSeconds);
  }

  #fields(numbers: Numbers & { rate: number }): Field[] {
    const { step, epoch, smoothLoss, natsPerChar, bitsPerChar, elapsedSeconds, rate } = numbers;
    const fraction = this.#fraction(numbers);
    const remaining = this.#endless ? undefined : this.#pace.remaining(elapsedSeconds, fraction);
    const eta = remaining === undefined ? '-' : formatDuration(remaining);
    return [
      ...(this.#endless ? [] : [percent(fraction)]),
      { rank: 0, before: 'step', value: formatCount(step) },
      { rank: 1, before: 'loss', value: smoothLoss.toFixed(2) },
      { rank: 3, value: natsPerChar.toFixed(3), after: 'nats/char' },
      { rank: 6, value: bitsPerChar.toFixed(3), after: 'bits/char' },
      { rank: 4, value: formatRate(rate).padStart(5), after: 'chars/s' },
      this.#endless ? { rank: 2, before: 'epoch', value: epoch.toFixed(2) } : { rank: 2, before: 'ETA', value: eta },
    ];
  }

  /** The rule above a sample: the step, and the loss there where it is known. */
  #heading({ step }: Sample): string {
    const known = this.#numbers?.step === step ? this.#numbers : undefined;
    const loss = known ? `, loss ${known.smoothLoss.toFixed(2)}, ${known.natsPerChar.toFixed(3)} nats/char` : '';
    return this.#colours.dim(this.#rule(`step ${formatCount(step)}${loss}`));
  }

  #describe({ step, natsPerChar, bitsPerChar, best }: Validation): string {
    const line = this.#rule(
      `validation at step ${formatCount(step)}: ${natsPerChar.toFixed(3)} nats/char, ` +
        `${bitsPerChar.toFixed(3)} bits/char${best ? ', best so far' : ''}`,
    );
    return best ? this.#colours.good(line) : line;
  }

  #rule(title: string): string {
    const start = `── ${title} `;
    return start + '─'.repeat(Math.max(0, Math.min(RULE_WIDTH, columnsOf(this.out) - 1) - start.length));
  }
}
