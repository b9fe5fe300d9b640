import { copyBlocks } from './kernels/memory.js';
import { Layout } from './layout.js';
import { type Optimized, optimize } from './optimize.js';
import type { ProgramStep, Recording } from './recording.js';
import { instantiate, simdFunctions } from './simd/functions.js';
import { loopFunction } from './simd/loop.js';
import { type Call, sparseCall } from './sparse.js';
import type { WasmModule } from './wasm-backend.js';

/** An input or output outside, at `at` in the first turn and `stride` bytes further in each other, that steps use at `own`. */
interface Elsewhere {
  readonly own: number;
  readonly at: number;
  readonly bytes: number;
  readonly stride: number;
}

/** A recording ready to be run again and again, in each run as many turns as `times`. */
export class Program {
  readonly #optimized: Optimized;
  readonly #lists: Lists;
  readonly #layout: Layout;
  readonly #loops: ReadonlyMap<string, Call>;
  /** The steps as functions without parameters; those that use inputs outside are bound when it is known where these are. */
  readonly #bound: (() => void)[];
  /** By input outside, the places of the steps that use its memory. */
  readonly #users = new Map<number, number[]>();

  constructor(
    private readonly wasm: WasmModule,
    private readonly recording: Recording,
    private readonly times = 1,
  ) {
    this.#optimized = optimize(recording);
    const { steps } = this.#optimized;
    this.#lists = new Lists(steps);
    this.#layout = new Layout(wasm, recording, this.#optimized, this.#lists.bytes, times > 1);
    this.#loops = assembleLoops(wasm, steps);
    this.#layout.outside.forEach((id) => this.#users.set(id, []));
    this.#bound = steps.map((step, at) => {
      const users = [...this.#layout.inputsOf(step.uses)].map((id) => this.#users.get(id) ?? []);
      users.forEach((places) => places.push(at));
      return users.length > 0 ? () => {} : this.#bind(step);
    });
  }

  /**
   * Computes the outputs from the inputs. @param inputs where they are in wasm memory, in bytes; @param outputs where they
   * are to be: for those that take the place of inputs, there. Of the others each turn has the next part.
   */
  run(inputs: readonly number[], outputs: readonly number[]): void {
    this.#bindTo(inputs);
    const { copy } = simdFunctions(this.wasm);
    const taken = this.#elsewhere(this.recording.inputs, inputs);
    const given = this.#elsewhere(
      this.recording.outputs.map(({ id }) => id),
      outputs,
    );
    const state = given.filter(({ stride }) => stride === 0);
    const others = given.filter(({ stride }) => stride > 0);
    for (let turn = 0; turn < this.times; turn++) {
      for (const { own, at, bytes, stride } of taken) copy(at + turn * stride, own, bytes);
      for (const step of this.#bound) step();
      for (const { own, at, bytes, stride } of others) copy(own, at + turn * stride, bytes);
      if (state.length === 1) copy(state[0].own, state[0].at, state[0].bytes);
      else if (state.length > 1) this.#copyTogether(state);
    }
  }

  dispose(): void {
    this.#layout.dispose();
  }

  /** Has the steps use the inputs outside where they are. */
  #bindTo(offsets: readonly number[]): void {
    const toBind = new Set<number>();
    for (const [i, id] of this.recording.inputs.entries()) {
      if (!this.#layout.outside.has(id) || !this.#layout.move(id, offsets[i])) continue;
      this.#users.get(id)?.forEach((at) => toBind.add(at));
    }
    for (const at of toBind) this.#bound[at] = this.#bind(this.#optimized.steps[at]);
  }

  /** Inputs or outputs that are not where the steps use them, and how far it is from turn to turn. */
  #elsewhere(ids: readonly number[], offsets: readonly number[]): Elsewhere[] {
    const { replaced } = this.recording;
    return ids.flatMap((id, i) => {
      const [own, at, bytes] = [this.#layout.offsetOf(id), offsets[i], this.#layout.bytesOf(id)];
      return own === at ? [] : { own, at, bytes, stride: i < replaced ? 0 : bytes };
    });
  }

  /** All are read before one is written over another. */
  #copyTogether(outputs: readonly Elsewhere[]): void {
    const { HEAPU8 } = this.wasm;
    const values = outputs.map(({ own, bytes }) => HEAPU8.slice(own, own + bytes));
    outputs.forEach(({ at }, i) => HEAPU8.set(values[i], at));
  }

  /** A step as a function without parameters. */
  #bind(step: ProgramStep): () => void {
    const { wasm } = this;
    const offsetOf = (id: number) => this.#layout.offsetOf(id);
    if ('work' in step) {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = step.ids.map(offsetOf);
      return () => step.work(wasm, a, b, c, d, e, f, g, h);
    }
    if ('blocks' in step) {
      const [from, to] = [offsetOf(step.from), offsetOf(step.to)];
      return () => copyBlocks(wasm, from, to, step.blocks);
    }
    if ('compiled' in step) {
      const place = (list: Uint8Array) => this.#layout.listsAt + this.#lists.placeOf(list);
      const parameters = step.parameters.map((each) => (typeof each === 'number' ? each : place(each)));
      return present(wasm.asm[step.compiled] as Call | undefined).bind(undefined, ...parameters);
    }
    const loop = present(this.#loops.get(JSON.stringify(step.loop)));
    if ('sums' in step) return sparseCall(wasm, step, loop, offsetOf);
    return loop.bind(undefined, ...step.ids.map(offsetOf), step.size);
  }
}

function present(call: Call | undefined): Call {
  if (!call) throw new Error('a recorded function is missing');
  return call;
}

/** Each kind of loop, compiled once. */
function assembleLoops(wasm: WasmModule, steps: readonly ProgramStep[]): Map<string, Call> {
  const loops = new Map(steps.flatMap((step) => ('loop' in step ? [[JSON.stringify(step.loop), step.loop]] : [])));
  const functions = [...loops.values()].map((loop, i) => loopFunction(`loop${i}`, loop));
  const calls = Object.values(instantiate<Record<string, Call>>(wasm, functions));
  return new Map([...loops.keys()].map((key, i) => [key, calls[i]]));
}

/** The lists among compiled functions' parameters, such as shapes, one after another and each once. */
class Lists {
  readonly #places = new Map<string, number>();
  readonly bytes: Uint8Array;

  constructor(steps: readonly ProgramStep[]) {
    const lists: number[] = [];
    for (const parameter of steps.flatMap((step) => ('compiled' in step ? step.parameters : []))) {
      if (typeof parameter === 'number' || this.#places.has(parameter.join())) continue;
      this.#places.set(parameter.join(), lists.length);
      lists.push(...parameter);
    }
    this.bytes = Uint8Array.from(lists);
  }

  placeOf(list: Uint8Array): number {
    return this.#places.get(list.join()) ?? 0;
  }
}
