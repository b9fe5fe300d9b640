import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/errors.js';
import type { WindowSize } from '../src/model/parameters.js';

/** What a child trains: the sizes, and on what. */
export interface ChildSettings extends WindowSize {
  readonly learningRate: number;
  /** Path of a UTF-8 text. */
  readonly corpus: string;
  /** Path of initial weights as raw little-endian float32: Wxh (H,V), Whh (H,H), Why (V,H). Default: N(0, 0.01²). */
  readonly weights?: string;
}

/** Who a child is; `details` holds what else is worth knowing, such as threads and number type. */
export interface Identity {
  readonly name: string;
  readonly version: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** One answer to `run N`: the seconds that N steps took, and the last step's loss in nats. */
export interface Round {
  readonly seconds: number;
  /** Summed over the window, averaged over streams; NaN where there is none. */
  readonly loss: number;
}

const FLAGS = ['hidden-size', 'seq-length', 'batch-size', 'learning-rate', 'corpus', 'weights'] as const;

/** The settings as a child's command-line arguments. */
export function childArguments(settings: ChildSettings): string[] {
  const { hiddenSize, seqLength, batchSize, learningRate, corpus, weights } = settings;
  const values = [hiddenSize, seqLength, batchSize, learningRate, corpus, weights];
  return FLAGS.flatMap((flag, i) => (values[i] === undefined ? [] : [`--${flag}`, String(values[i])]));
}

/**
 * A child's command line taken apart.
 * @param ownFlags names (without dashes) of the flags that only this child has; each takes a value.
 * @throws TypeError or RangeError for a flag that is not known, a number that is none or a missing corpus.
 */
export function parseChildArguments<Own extends string = never>(
  argv: readonly string[],
  ownFlags: readonly Own[] = [],
): { settings: ChildSettings; own: Partial<Record<Own, string>> } {
  const options = Object.fromEntries([...FLAGS, ...ownFlags].map((flag) => [flag, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...argv], options });
  if (typeof values.corpus !== 'string') throw new TypeError('--corpus must name a text file');
  const number = (flag: string, fallback: number) => positive(flag, Number(values[flag] ?? fallback));
  const settings = {
    hiddenSize: number('hidden-size', 100),
    seqLength: number('seq-length', 25),
    batchSize: number('batch-size', 1),
    learningRate: number('learning-rate', 0.1),
    corpus: values.corpus,
    ...(typeof values.weights === 'string' && { weights: values.weights }),
  };
  return { settings, own: values as Partial<Record<Own, string>> };
}

function positive(flag: string, value: number): number {
  if (!(value > 0)) throw new RangeError(`--${flag} must be a positive number`);
  return value;
}

/** Tells the harness that this contestant cannot run here, and why. */
export function tellAbsent(reason: string): void {
  tell({ absent: reason });
}

/** What a child does when the harness asks for it by name: takes the words after it, gives the fields of the answer. */
export type Handlers = Readonly<Record<string, (...words: string[]) => object | Promise<object>>>;

/**
 * A child's main loop: says that it is ready, then answers the harness's lines, one by one, until `quit` or the end of
 * the input. A handler that throws is answered with its message.
 */
export async function serveAll(identity: Identity, handlers: Handlers): Promise<void> {
  tell({ ready: true, ...identity });
  for await (const line of createInterface({ input: process.stdin })) {
    const [command = '', ...words] = line.split(' ');
    const handler = handlers[command];
    if (!handler) break;
    try {
      tell(await handler(...words));
    } catch (error) {
      tell({ failed: messageOf(error) });
    }
  }
  process.stdin.destroy();
}

/** `serveAll` for a child that only trains, see `timed`. */
export function serve(identity: Identity, runSteps: RunSteps): Promise<void> {
  return serveAll(identity, { run: timed(runSteps) });
}

/** Does N steps; returns the last one's loss, read back from the runtime, where there is one. */
export type RunSteps = (steps: number) => number | void | Promise<number | void>;

/** The handler of `run N`: answers with the seconds that N steps took, and the loss. */
export function timed(runSteps: RunSteps): (steps: string) => Promise<object> {
  return async (steps) => {
    const start = performance.now();
    const loss = await runSteps(Number(steps));
    return { seconds: (performance.now() - start) / 1000, loss };
  };
}

function tell(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
