import type { EventEmitter } from 'node:events';

type Listener = (...parameters: unknown[]) => void;

/**
 * Emscripten adds a listener to each of these events of the process. Both throw: a host program that only logs a
 * rejection would end.
 */
const EVENTS = ['uncaughtException', 'unhandledRejection'];

/**
 * Starts a compiled module and takes away the listeners that it adds to the process. It adds them after nothing but
 * promises that are kept already: so of each event its listener comes first, and those of others stay.
 * @param start gives the module when it is ready.
 */
export async function withoutListeners<Result>(start: () => Promise<Result>): Promise<Result> {
  const host: EventEmitter = process;
  const added = new Map<string, Listener>();
  const note = (event: string, listener: Listener) => {
    if (EVENTS.includes(event) && !added.has(event)) added.set(event, listener);
  };
  host.prependListener('newListener', note);
  const starting = start();
  // Noted now, because a rejection that nobody waits for yet would end the process; it is thrown below.
  starting.catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  host.off('newListener', note);
  for (const [event, listener] of added) host.off(event, listener);
  return starting;
}
