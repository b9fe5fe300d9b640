import { createInterface } from 'node:readline';
import { messageOf } from '../errors.js';

/** Who a child is; `details` holds what else is worth knowing, such as threads and number type. */
export interface Identity {
  readonly name: string;
  readonly version: string;
  /** `windowsPerCall`: steps that it makes in one call where it is given that many; without it 1. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

/** One answer to `run N`: the seconds that N steps took, and the last step's loss in nats. */
export interface Round {
  readonly seconds: number;
  /** Summed over the window, averaged over streams; NaN where there is none. */
  readonly loss: number;
}

/** Tells the harness that this contestant cannot run here, and why. */
export function tellAbsent(reason: string): void {
  tell({ absent: reason });
}

/** What a child does when the harness asks for it by name: takes the words after it, gives the fields of the answer. */
export type Handlers = Readonly<Record<string, (...words: string[]) => object | Promise<object>>>;

/**
 * A child's main loop: says that it is ready, then answers the harness's lines, one by one, until `quit` or the end of
 * the input. A handler that throws is answered with its message; one that nobody waits for any more ends the process.
 */
export async function serve(identity: Identity, handlers: Handlers): Promise<void> {
  tell({ ready: true, ...identity });
  let busy = false;
  const lines = createInterface({ input: process.stdin });
  lines.once('close', () => busy && process.exit());
  for await (const line of lines) {
    const [command = '', ...words] = line.split(' ');
    const handler = handlers[command];
    if (!handler) break;
    busy = true;
    try {
      tell(await handler(...words));
    } catch (error) {
      tell({ failed: messageOf(error) });
    }
    busy = false;
  }
  process.stdin.destroy();
}

/** Does N steps; returns the last one's loss, read back from the runtime, where there is one. */
export type RunSteps = (steps: number) => number | undefined | Promise<number | undefined>;

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
