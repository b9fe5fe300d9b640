import type { Elementwise, FusedLoop, ProgramStep, RecordedStep } from './recording.js';
import type { Place } from './views.js';

type Places = ReadonlyMap<number, Place>;

/** Elementwise steps that become one loop, in order. */
type Group = (Elementwise & RecordedStep)[];

/**
 * Puts elementwise operations that follow one another and share values into one loop each: what they pass to each other
 * stays in registers, and a call is saved for each. Other steps stay as they are.
 * @param outputs ids of the tensors that are needed after the last step.
 * @param places of the tensors that lie within others: these are kept, because they may be read there.
 */
export function fuse(steps: readonly RecordedStep[], outputs: readonly number[], places: Places): ProgramStep[] {
  const parts: (Group | Exclude<RecordedStep, Elementwise>)[] = [];
  for (const step of steps) {
    if (!('op' in step)) parts.push(step);
    else parts.push([...parts.splice(firstPartner(parts, step, places)).flatMap((group) => group as Group), step]);
  }
  const readers = countReaders(steps, [...outputs, ...[...places].flatMap(([id, { root }]) => [id, root])]);
  return parts.map((part) => (Array.isArray(part) ? loopOf(part, readers) : part));
}

/** The first of the groups at the end of `parts` that `step` can join, all of those after it included. */
function firstPartner(parts: readonly (Group | RecordedStep)[], step: Elementwise, places: Places): number {
  let first = parts.length;
  const later = [step];
  for (let i = parts.length - 1; i >= 0; i--) {
    const group = parts[i];
    if (!Array.isArray(group) || group[0].size !== step.size) break;
    if (group.some(({ out }) => later.some((each) => readsWithin(each, out, places)))) break;
    if (group.some((each) => sharesVector(each, step))) first = i;
    later.unshift(...group);
  }
  return first;
}

/** Whether a step reads the memory of a result under another id: a loop would read it before it is written. */
function readsWithin({ operands }: Elementwise, result: number, places: Places): boolean {
  const rootOf = (id: number) => places.get(id)?.root ?? id;
  return operands.some(({ id }) => id !== result && rootOf(id) === rootOf(result));
}

function sharesVector(earlier: Elementwise, later: Elementwise): boolean {
  const vectors = (step: Elementwise) => step.operands.filter(({ isScalar }) => !isScalar).map(({ id }) => id);
  const seen = [...vectors(earlier), earlier.out];
  return vectors(later).some((id) => seen.includes(id));
}

/** How many steps use each tensor, and one more where it is needed besides. */
function countReaders(steps: readonly RecordedStep[], needed: readonly number[]): Map<number, number> {
  const readers = new Map<number, number>();
  const count = (id: number) => readers.set(id, (readers.get(id) ?? 0) + 1);
  for (const step of steps) new Set(step.uses).forEach(count);
  needed.forEach(count);
  return readers;
}

function loopOf(group: Group, readers: ReadonlyMap<number, number>): FusedLoop & { uses: number[] } {
  const made = group.map(({ out }) => out);
  const given = group.flatMap(({ operands }) => operands).filter(({ id }) => !made.includes(id));
  const idsOf = (scalar: boolean) => [...new Set(given.filter((each) => each.isScalar === scalar).map(({ id }) => id))];
  const [vectors, scalars] = [idsOf(false), idsOf(true)];
  const usedWithin = (id: number) => group.filter(({ uses }) => uses.includes(id)).length;
  const kept = made.filter((id) => (readers.get(id) ?? 0) > usedWithin(id));
  const values = [...vectors, ...scalars, ...made];
  const operations = group.map(({ op, operands }) => ({
    op,
    // A tensor of one value may be a vector for one operation and a scalar for another.
    operands: operands.map(({ id, isScalar }) =>
      isScalar && scalars.includes(id) ? vectors.length + scalars.indexOf(id) : values.indexOf(id),
    ),
  }));
  const results = kept.map((id) => values.lastIndexOf(id));
  const loop = { vectors: vectors.length, scalars: scalars.length, operations, results };
  const ids = [...vectors, ...scalars, ...kept];
  return { loop, ids, size: group[0].size, uses: ids };
}
