/** A point of a run's history. */
export interface HistoryPoint {
  step: number;
  /** Smoothed training loss, or the loss on the validation text. */
  natsPerChar: number;
}

/** Most points that a history holds, so that a checkpoint stays small however long the run. */
export const HISTORY_POINTS = 2000;

/** Adds a point; a full history first drops every other one but keeps the first: the older a part, the coarser it gets. */
export function remember<Point>(history: Point[], point: Point, most = HISTORY_POINTS): void {
  if (history.length >= most) {
    const kept = history.filter((_, i) => i % 2 === 0);
    history.splice(0, history.length, ...kept);
  }
  history.push(point);
}
