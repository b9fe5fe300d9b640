import { namedSums } from './kernels/segment-sum.js';
import { resultsOf } from './lineage.js';
import type { FusedLoop, OwnWork, ProgramStep, SparseLoop, Using } from './recording.js';
import type { Loop } from './simd/loop.js';
import type { Place } from './views.js';
import type { WasmModule } from './wasm-backend.js';

/** A compiled function. */
export type Call = (...parameters: number[]) => void;

/** Whether two tensors lie in the same memory. */
type LieTogether = (a: number, b: number) => boolean;

/**
 * Leaves out work that changes nothing. Where rows are summed by segment, the sum of a segment without rows is 0; a loop
 * over the sums whose results lie where its vectors do need not go there, if 0 leaves them as they are. So Adagrad passes
 * over the weights of symbols that a window does not have: on tiny Shakespeare, over 50 of 65 rows of Wxh. Only what has
 * become infinite or not a number would change there, to something as useless.
 * @param homes by id, in whose memory a tensor lies, see `lineages`.
 */
export function sparse(
  steps: readonly ProgramStep[],
  outputs: readonly number[],
  places: ReadonlyMap<number, Place>,
  homes: ReadonlyMap<number, number>,
): ProgramStep[] {
  const shared = new Set([...outputs, ...[...places].flatMap(([id, { root }]) => [id, root])]);
  const lieTogether: LieTogether = (a, b) => a === b || (homes.get(a) ?? a) === (homes.get(b) ?? b);
  const left: (ProgramStep | undefined)[] = [...steps];
  for (const [at, step] of steps.entries()) {
    if (!('work' in step) || !step.sums || shared.has(step.ids[2])) continue;
    const [place, ...others] = indicesOfUsers(steps, step.ids[2]).filter((each) => each !== at);
    const loop = steps[place] as ProgramStep | undefined;
    if (others.length > 0 || !loop || !('loop' in loop) || !('size' in loop)) continue;
    if (!leavesZerosAlone(loop, step.ids[2], lieTogether)) continue;
    if (steps.slice(at + 1, place).some((between) => writesOver(between, step.uses, lieTogether))) continue;
    left[at] = undefined;
    left[place] = joined(step, step.sums, loop);
  }
  return left.filter((step) => step !== undefined);
}

function indicesOfUsers(steps: readonly ProgramStep[], id: number): number[] {
  return steps.flatMap(({ uses }, at) => (uses.includes(id) ? [at] : []));
}

/** Whether a step writes where one of these tensors lies, as an update does where the value before it lies. */
function writesOver(step: ProgramStep, ids: readonly number[], lieTogether: LieTogether): boolean {
  return 'size' in step && resultsOf(step).some((result) => ids.some((id) => lieTogether(id, result)));
}

function joined({ ids: summed, uses }: Using<OwnWork>, sums: SparseLoop['sums'], step: Using<FusedLoop>): ProgramStep {
  const { loop, ids } = step;
  return { loop, ids, sums, summed, uses: [...new Set([...uses, ...step.uses])] };
}

/** Whether each result of a loop lies where a vector does, and is that vector's value wherever the sums are 0. */
function leavesZerosAlone(step: FusedLoop, sums: number, lieTogether: LieTogether): boolean {
  const { loop, ids } = step;
  const written = resultsOf(step);
  const values = valuesAtZero(loop, ids.indexOf(sums));
  return loop.results.every((result, r) => {
    const vector = values[result];
    return typeof vector === 'number' && lieTogether(ids[vector], written[r]);
  });
}

/** What each value of a loop is where one of its vectors is 0: zero, a vector by its index, or something else. */
function valuesAtZero({ vectors, scalars, operations }: Loop, zero: number): ('zero' | number | undefined)[] {
  const values: ('zero' | number | undefined)[] = Array.from({ length: vectors + scalars }, (_, i) =>
    i === zero ? 'zero' : i < vectors ? i : undefined,
  );
  for (const { op, operands } of operations) {
    const [a, b] = operands.map((operand) => values[operand]);
    switch (op.name) {
      case 'Square':
      case 'Tanh':
        values.push(a === 'zero' ? 'zero' : undefined);
        break;
      case 'ClipByValue':
        values.push(a === 'zero' && op.min <= 0 && op.max >= 0 ? 'zero' : undefined);
        break;
      case 'Multiply':
        values.push(a === 'zero' || b === 'zero' ? 'zero' : undefined);
        break;
      case 'Add':
        values.push(b === 'zero' ? a : a === 'zero' ? b : undefined);
        break;
      case 'Sub':
        values.push(b === 'zero' ? a : undefined);
        break;
      case 'Maximum':
      case 'Rsqrt':
      case 'TanhSlope':
        values.push(undefined);
    }
  }
  return values;
}

/** A sparse loop as a function without parameters. @param call the loop, compiled. */
export function sparseCall(
  wasm: WasmModule,
  { loop, ids, sums, summed }: SparseLoop,
  call: Call,
  offsetOf: (id: number) => number,
): () => void {
  const [rows, segments, to] = summed.map(offsetOf);
  const starts = ids.map(offsetOf);
  const isScalar = (i: number) => i >= loop.vectors && i < loop.vectors + loop.scalars;
  const bytes = ids.map((_, i) => (isScalar(i) ? 0 : 4 * sums.size));
  const parameters = [...starts, sums.size];
  const forSegment = (segment: number) => {
    for (let i = 0; i < starts.length; i++) parameters[i] = starts[i] + segment * bytes[i];
    call(...parameters);
  };
  const sumNamed = namedSums(wasm, sums);
  return () => sumNamed(rows, segments, to, forSegment);
}
