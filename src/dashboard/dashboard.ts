import type { TrainingEvent } from '../trainer/events.js';
import type { HistoryPoint } from '../trainer/history.js';
import { Broadcast } from './broadcast.js';
import { DashboardServer } from './dashboard-server.js';
import { curvePoint, Follower, type FractionDone } from './follower.js';
import type { CurvePoint, Ending, RunDescription } from './record.js';

/** What a run starts with. */
export interface RunStart {
  readonly description: Omit<RunDescription, 'resumedAt'>;
  readonly fractionDone: FractionDone;
  /** What a resumed run has behind it. */
  readonly before: Before | undefined;
}

/** The part of a run that a checkpoint holds. */
interface Before {
  readonly step: number;
  readonly elapsedSeconds: number;
  readonly training: readonly HistoryPoint[];
  readonly validation: readonly HistoryPoint[];
  readonly best: HistoryPoint | null;
}

/** A run as browsers on this machine see it. Nothing here waits for them but `end`, for a moment. */
export class Dashboard {
  #follower: Follower | undefined;
  #hasEnded = false;

  private constructor(
    private readonly server: DashboardServer,
    private readonly broadcast: Broadcast,
  ) {}

  /**
   * Opens it. @param port 0: the first free one. @param html the page. @param warn hears of what fails later, one line.
   * @throws UserError where the port cannot be had.
   */
  static async open(port: number, html: string, warn: (line: string) => void): Promise<Dashboard> {
    const broadcast = new Broadcast();
    return new Dashboard(await DashboardServer.open(port, html, broadcast, warn), broadcast);
  }

  /** Where the page is. */
  get address(): string {
    return this.server.address;
  }

  /** How far the text is read, 0 to 1; null where that cannot be known. */
  reading(fraction: number | null): void {
    this.broadcast.change({ activity: { what: 'reading', fraction } });
  }

  /** Training starts. */
  begin({ description, fractionDone, before }: RunStart): void {
    this.#follower = new Follower(fractionDone, before?.elapsedSeconds ?? 0);
    this.broadcast.change({
      description: { ...description, resumedAt: before ? { step: before.step, time: before.elapsedSeconds } : null },
      activity: { what: 'training', fraction: null },
      ...(before && curvesOf(before)),
    });
  }

  /** Something happens in training. */
  event(event: TrainingEvent): void {
    if (this.#follower) this.broadcast.change(this.#follower.changeOf(event));
  }

  /** A line about the run itself. */
  note(line: string): void {
    this.broadcast.change({ notes: [line] });
  }

  /** The run has ended: says so, and closes. Only the first ending counts. */
  async end(ending: Ending): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.broadcast.change({ ending });
    await this.server.close();
  }
}

/** The curves of the part before; a checkpoint has no times of its points, so they are spread evenly over the steps. */
function curvesOf({ step, elapsedSeconds, training, validation, best }: Before) {
  const pointOf = (point: HistoryPoint): CurvePoint =>
    curvePoint(point.step, step === 0 ? 0 : (elapsedSeconds * point.step) / step, point.natsPerChar);
  return {
    training: training.map(pointOf),
    validation: validation.map(pointOf),
    best: best && pointOf(best),
  };
}
