/** What a storm asks of the process under it, see preload.ts. */
export interface Orders {
  /** The file that says when signals may come, and at the end holds the `LastWords`. */
  report: string;
  /** The signal to handle and count. */
  signal?: NodeJS.Signals | undefined;
  /** Whether child processes should end all the time. */
  children?: boolean | undefined;
  /** A binding to load in place of the one set up. */
  binding?: string | undefined;
}

/** What `report` holds until the process ends. */
export const READY = 'ready';

/** What `report` holds when the process ends in order, as JSON. */
export interface LastWords {
  received: number;
  /** Its exit code: Node resets its signal handlers before it exits, so that the storm may still kill it then. */
  code: number;
}
