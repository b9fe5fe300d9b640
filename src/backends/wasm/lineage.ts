import type { FusedLoop, ProgramStep, Recording } from './recording.js';
import type { Place } from './views.js';

/**
 * Finds the outputs that can be computed where the inputs lie whose place they take: those that come from it by loops
 * alone, each of which is the last to use what it writes over, as a weight comes from the weight before it.
 * @returns by id, the input in whose memory each of these outputs lies, and each value on the way to it.
 */
export function lineages(
  steps: readonly ProgramStep[],
  { inputs, outputs, replaced }: Pick<Recording, 'inputs' | 'outputs' | 'replaced'>,
  places: ReadonlyMap<number, Place>,
): Map<number, number> {
  const ids = outputs.map(({ id }) => id);
  const line = new Lines(steps, ids, places);
  const homes = new Map<number, number>();
  for (const [i, { id }] of outputs.slice(0, replaced).entries()) {
    for (const each of line.between(inputs[i], id)) homes.set(each, inputs[i]);
  }
  return homes;
}

class Lines {
  readonly #lastUse = new Map<number, number>();
  readonly #makers = new Map<number, number>();
  readonly #shared: Set<number>;

  constructor(
    private readonly steps: readonly ProgramStep[],
    outputs: readonly number[],
    places: ReadonlyMap<number, Place>,
  ) {
    this.#shared = new Set([...places].flatMap(([id, { root }]) => [id, root]));
    steps.forEach((step, at) => {
      step.uses.forEach((id) => this.#lastUse.set(id, at));
      if ('size' in step) resultsOf(step).forEach((id) => this.#makers.set(id, at));
    });
    outputs.forEach((id) => this.#lastUse.set(id, Infinity));
  }

  /** The values from an input, itself left out, to an output; none where it does not come from there as it must. */
  between(input: number, output: number): number[] {
    const line = [];
    for (let id = output; id !== input;) {
      const before = this.#shared.has(id) ? undefined : this.#writtenOver(id);
      if (before === undefined || this.#shared.has(before)) return [];
      line.push(id);
      id = before;
    }
    return line;
  }

  /** What a value may be written over: the vector that it is an update of, if nothing uses that later. */
  #writtenOver(id: number): number | undefined {
    const at = this.#makers.get(id);
    const step = at === undefined ? undefined : this.steps[at];
    if (!step || !('size' in step)) return undefined;
    const { loop, ids } = step;
    const before = updatedVector(loop, loop.results[resultsOf(step).indexOf(id)]);
    return before !== undefined && this.#lastUse.get(ids[before]) === at ? ids[before] : undefined;
  }
}

/** The ids of what a loop computes. */
export function resultsOf({ loop, ids }: FusedLoop): number[] {
  return ids.slice(loop.vectors + loop.scalars);
}

/** The vector that a value of a loop comes from by first operands: a in a - b c. */
function updatedVector({ vectors, scalars, operations }: FusedLoop['loop'], value: number): number | undefined {
  let from = value;
  while (from >= vectors + scalars) from = operations[from - vectors - scalars].operands[0];
  return from < vectors ? from : undefined;
}
