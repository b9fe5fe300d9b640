import type { Report, TrainingEvent } from '../trainer/events.js';
import { Pace } from '../trainer/pace.js';
import type { Change, CurvePoint, Numbers } from './record.js';

/** The most of a sample that is shown, in characters. */
const SAMPLE_LENGTH = 1000;

/** The fraction of a run that is done; undefined for an endless one. */
export type FractionDone = (numbers: { step: number; elapsedSeconds: number }) => number | undefined;

/** Turns the events of a run into what they change on the dashboard. */
export class Follower {
  readonly #pace = new Pace();
  /** Seconds of training at the last event that says so: validations do not. */
  #seconds: number;

  /** @param elapsedSeconds of training before, in a resumed run. */
  constructor(
    private readonly fractionDone: FractionDone,
    elapsedSeconds: number,
  ) {
    this.#seconds = elapsedSeconds;
  }

  /** What an event changes. */
  changeOf(event: TrainingEvent): Change {
    switch (event.type) {
      case 'report':
        return { numbers: this.#numbers(event), training: [this.#point(event)] };
      case 'progress':
        return { numbers: this.#numbers(event), activity: TRAINING };
      case 'sample':
        return { samples: [{ step: event.step, text: start(event.text) }] };
      case 'validation-progress':
        return { activity: { what: 'validating', fraction: event.fraction } };
      case 'validation': {
        const point = this.#point(event);
        return { validation: [point], activity: TRAINING, ...(event.best && { best: point }) };
      }
      case 'end':
        return { numbers: this.#numbers(event) };
    }
  }

  #numbers(event: Omit<Report, 'type'>): Numbers {
    const { step, epoch, natsPerChar, learningRate, elapsedSeconds } = event;
    this.#seconds = elapsedSeconds;
    const fraction = this.fractionDone(event);
    return {
      step,
      epoch,
      fraction: fraction ?? null,
      remainingSeconds: (fraction === undefined ? undefined : this.#pace.remaining(elapsedSeconds, fraction)) ?? null,
      elapsedSeconds,
      natsPerChar,
      learningRate,
      charsPerSecond: this.#pace.rate(event),
    };
  }

  #point({ step, natsPerChar }: { step: number; natsPerChar: number }): CurvePoint {
    return curvePoint(step, this.#seconds, natsPerChar);
  }
}

const TRAINING = { what: 'training', fraction: null } as const;

/** A point with as many digits as can be seen. */
export function curvePoint(step: number, seconds: number, natsPerChar: number): CurvePoint {
  return [step, Number(seconds.toFixed(3)), Number(natsPerChar.toFixed(5))];
}

/** The first characters of a text, none of them cut in two. */
function start(text: string): string {
  return text.length <= SAMPLE_LENGTH ? text : [...text.slice(0, 2 * SAMPLE_LENGTH)].slice(0, SAMPLE_LENGTH).join('');
}
