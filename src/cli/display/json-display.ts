import type { TrainingEvent } from '../../trainer/events.js';
import { printableJson } from '../../format/printable.js';
import type { Display } from './display.js';

/** One JSON object a line, for programs: reports, samples, validations, the end, and notes. */
export class JsonDisplay implements Display {
  constructor(private readonly out: NodeJS.WritableStream) {}

  note(line: string): void {
    this.#write({ type: 'note', text: line });
  }

  event(event: TrainingEvent): void {
    if (event.type !== 'progress' && event.type !== 'validation-progress') this.#write(event);
  }

  close(): void {}

  #write(value: object): void {
    this.out.write(`${printableJson(value)}\n`);
  }
}
