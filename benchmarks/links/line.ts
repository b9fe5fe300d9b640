/** What a connection between two machines does to what is sent over it; each direction by itself. */
export interface Line {
  readonly delayMs: number;
  readonly bitsPerSecond: number;
}

/** A worker that is reached over a line. */
export interface LinkedWorker {
  /** For `--workers`. */
  readonly address: string;
  readonly close: () => void;
}

/** In words: "1 ms, 1 Gbit/s". */
export function describeLine({ delayMs, bitsPerSecond }: Line): string {
  return `${delayMs} ms, ${bitsPerSecond / 1e9} Gbit/s`;
}

/** How long bytes take to be put on a line, in ms. */
export function transferMs(bytes: number, { bitsPerSecond }: Line): number {
  return (bytes * 8 * 1000) / bitsPerSecond;
}
