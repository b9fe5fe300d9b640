import type { TrainingEvent } from '../../trainer/events.js';
import { formatCount, formatDuration, formatRate, formatSignificant } from '../../format/numbers.js';
import { printable } from '../../format/printable.js';
import type { Display } from './display.js';

/** One line a report: for files and pipes. */
export class PlainDisplay implements Display {
  constructor(private readonly out: NodeJS.WritableStream) {}

  note(line: string): void {
    this.out.write(`${printable(line)}\n`);
  }

  event(event: TrainingEvent): void {
    const lines = describeEvent(event);
    if (lines !== undefined) this.out.write(`${lines}\n`);
  }

  close(): void {}
}

/** What an event looks like in a log; undefined for those that only a progress bar shows. */
export function describeEvent(event: TrainingEvent): string | undefined {
  switch (event.type) {
    case 'report': {
      const { step, epoch, smoothLoss, natsPerChar, bitsPerChar, learningRate, charsPerSecond, elapsedSeconds } = event;
      return (
        `step ${formatCount(step)}  epoch ${epoch.toFixed(3)}  loss ${smoothLoss.toFixed(3)}  ` +
        `${natsPerChar.toFixed(4)} nats/char  ${bitsPerChar.toFixed(4)} bits/char  ` +
        `rate ${formatSignificant(learningRate)}  ${formatRate(charsPerSecond)} chars/s  ${formatDuration(elapsedSeconds)}`
      );
    }
    case 'sample':
      return `----\n${printable(event.text)}\n----`;
    case 'validation': {
      const { step, natsPerChar, bitsPerChar, best } = event;
      const perplexity = Math.exp(natsPerChar).toFixed(3);
      return (
        `step ${formatCount(step)}  validation ${natsPerChar.toFixed(4)} nats/char  ${bitsPerChar.toFixed(4)} bits/char  ` +
        `perplexity ${perplexity}${best ? '  best so far' : ''}`
      );
    }
    case 'progress':
    case 'validation-progress':
    case 'end':
      return undefined;
  }
}
