import type fc from 'fast-check';

/** What became of an input: taken and found sound, or refused with one line. */
export type Outcome = 'taken' | 'refused';

/** One part of the program that reads what others wrote, with inputs to try on it. */
export interface FuzzTarget<Input = unknown> {
  readonly name: string;
  /** Inputs from whole to hostile: JSON values, or such with `Uint8Array`s in them, so that they can be kept in a file. */
  readonly input: fc.Arbitrary<Input>;
  /** Runs one input; throws, with anything, where a promise was broken. */
  readonly check: (input: Input) => Outcome | Promise<Outcome>;
}

/** Generous: a case takes a millisecond or ten. Processor time, because other programs may keep this one waiting. */
const MOST_SECONDS = 5;

/** Runs one input as `check` does, and sees to it that none takes long or changes what all objects inherit. */
export async function tryInput<Input>(target: FuzzTarget<Input>, input: Input): Promise<Outcome> {
  const before = process.cpuUsage();
  const outcome = await target.check(input);
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  if (seconds > MOST_SECONDS) throw new Error(`an input must not take ${seconds} s of the processor`);
  for (const name in {}) throw new Error(`Object.prototype was given the property ${JSON.stringify(name)}`);
  return outcome;
}
