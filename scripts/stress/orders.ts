/** What a storm asks of the process that it is for, see preload.ts. */
export interface Orders {
  /** File to say in that signals may come, and at the end its `LastWords`. */
  report: string;
  /** The signal to handle and count. */
  signal?: NodeJS.Signals | undefined;
  /** Whether child processes are to end all the time. */
  children?: boolean | undefined;
  /** A binding to load in the place of the one set up, and the tfjs-node that it is for. */
  binding?: { path: string; tfjsNodeFolder: string } | undefined;
}

/** What `report` holds until the process ends. */
export const READY = 'ready';

/** What `report` holds when the process ends in order, as JSON. */
export interface LastWords {
  received: number;
  /** Its exit code: Node gives its signals back before it is gone, so that the storm may still kill it by then. */
  code: number;
}
