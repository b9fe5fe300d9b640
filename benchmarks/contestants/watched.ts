import { Dashboard } from '../../src/dashboard/dashboard.js';
import { assemblePage } from '../../src/pages/assemble.js';
import type { TrainingEvent } from '../../src/trainer/events.js';

/** What a run can be shown on: a dashboard that no browser opens, and one for a browser. */
export const SHOWN_ON = ['unwatched', 'watched'] as const;

/** One of both. */
export type ShownOn = (typeof SHOWN_ON)[number];

/** Seconds of a piece of a run, and of them those of the dashboard. */
export interface Times {
  readonly seconds: number;
  readonly taken: number;
}

/** By when a dashboard has told the browsers of everything, in milliseconds. */
const TOLD_MS = 400;

/** Two dashboards beside a trainer, of which a stretch of its run is shown on one, and what that takes. */
export class Dashboards {
  #shown: Dashboard | undefined;
  /** Milliseconds of each thing that the dashboard shown has done, by kind: an event's, or sending to the browser. */
  #times = new Map<TrainingEvent['type'] | 'sending', number[]>();

  private constructor(private readonly all: Readonly<Record<ShownOn, Dashboard>>) {}

  /** Opens both, as `train --dashboard` does for a run without limits. */
  static async open(corpus: string): Promise<Dashboards> {
    return new Dashboards({ unwatched: await open(corpus), watched: await open(corpus) });
  }

  /** Where the watched one is. */
  get address(): string {
    return this.all.watched.address;
  }

  /** Shows an event on the dashboard that is shown now. */
  event(event: TrainingEvent): void {
    const dashboard = this.#shown;
    if (!dashboard) return;
    const { setTimeout } = globalThis;
    // What it does later counts too: it tells the browsers some times a second what has happened.
    globalThis.setTimeout = ((action: () => void, ms: number) =>
      setTimeout(() => this.#send(action), ms)) as typeof setTimeout;
    const start = performance.now();
    try {
      dashboard.event(event);
    } finally {
      this.#took(event.type, performance.now() - start);
      globalThis.setTimeout = setTimeout;
    }
  }

  /**
   * Does stretches of a run shown on a dashboard. @returns the seconds that they take undisturbed, and of them those of the
   * dashboard, see `undisturbed`.
   */
  async timesOf(on: ShownOn, stretches: number, stretch: () => Promise<unknown>): Promise<Times> {
    this.#times.clear();
    this.#shown = this.all[on];
    const times: number[] = [];
    for (let i = 0; i < stretches; i++) {
      const start = performance.now();
      await stretch();
      times.push(performance.now() - start);
    }
    this.#shown = undefined;
    await new Promise((resolve) => setTimeout(resolve, TOLD_MS));
    const taken = [...this.#times.values()].reduce((sum, ofKind) => sum + undisturbed(ofKind), 0);
    return { seconds: undisturbed(times) / 1000, taken: taken / 1000 };
  }

  /** Ends both. */
  async close(): Promise<void> {
    for (const dashboard of Object.values(this.all)) {
      await dashboard.end({ how: 'stopped', lines: [], path: null });
    }
  }

  /** Does what a timer does, with what that leaves to the next two ticks: there the socket is written to. */
  #send(action: () => void): void {
    const start = performance.now();
    action();
    process.nextTick(() => process.nextTick(() => this.#took('sending', performance.now() - start)));
  }

  #took(kind: TrainingEvent['type'] | 'sending', ms: number): void {
    const times = this.#times.get(kind);
    if (times) times.push(ms);
    else this.#times.set(kind, [ms]);
  }
}

/**
 * What things of one kind take together if each takes the time that the fastest quarter stays below. Where all processors
 * are busy, a mean would be that of other programs: a browser runs as soon as it is written to, and the writer waits.
 */
function undisturbed(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return times.length * sorted[Math.floor(times.length / 4)];
}

async function open(corpus: string): Promise<Dashboard> {
  const html = await assemblePage('dashboard', { title: 'min-char-rnn', data: null });
  const dashboard = await Dashboard.open(0, html, (line) => process.stderr.write(`${line}\n`));
  dashboard.begin({
    description: { corpus, limits: '', options: [] },
    fractionDone: () => undefined,
    before: undefined,
  });
  return dashboard;
}
