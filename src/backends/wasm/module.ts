import { copyBlocks } from './kernels/memory.js';
import { align, type Lifetime, planMemory } from './memory-plan.js';
import { optimize } from './optimize.js';
import type { ProgramStep, RecordedTensor, Recording } from './recording.js';
import { instantiate } from './simd/functions.js';
import { loopFunction } from './simd/loop.js';
import type { Place } from './views.js';
import type { WasmModule } from './wasm-backend.js';

type Call = (...parameters: number[]) => void;

/** A recording in memory of its own, ready to be run again and again. */
export class Program {
  readonly #block: number;
  /** Where tensors are, by id. */
  readonly #offsets = new Map<number, number>();
  readonly #steps: readonly (() => void)[];

  constructor(
    private readonly wasm: WasmModule,
    recording: Recording,
  ) {
    const { steps, places } = optimize(recording);
    const tensors = usedTensors(recording, steps, places);
    const roots = tensors.filter(({ id }) => !places.has(id));
    const plan = planMemory(lifetimes({ ...recording, steps, tensors: roots }, places));
    const lists = new Lists(steps);
    // Above 2 GiB the address comes as a negative number.
    this.#block = wasm._malloc(align(1) + plan.bytes + lists.bytes.length) >>> 0;
    const start = align(this.#block);
    roots.forEach(({ id }, i) => this.#offsets.set(id, start + plan.offsets[i]));
    for (const { id } of tensors) {
      const place = places.get(id);
      if (place) this.#offsets.set(id, this.offsetOf(place.root) + place.offset);
    }
    for (const { id, size, values } of tensors) {
      wasm.tfjs.registerTensor(id, size, this.offsetOf(id));
      if (values) wasm.HEAPU8.set(values, this.offsetOf(id));
    }
    const listsAt = start + plan.bytes;
    wasm.HEAPU8.set(lists.bytes, listsAt);
    const loops = assembleLoops(wasm, steps);
    this.#steps = steps.map((step) => this.#bind(step, loops, (list) => listsAt + lists.placeOf(list)));
  }

  /** Where a tensor is in wasm memory, in bytes. */
  offsetOf(id: number): number {
    const offset = this.#offsets.get(id);
    if (offset === undefined) throw new Error(`tensor ${id} is not part of this recording`);
    return offset;
  }

  /** Computes the outputs from what is in the inputs' memory. */
  run(): void {
    for (const step of this.#steps) step();
  }

  dispose(): void {
    for (const id of this.#offsets.keys()) this.wasm.tfjs.disposeData(id);
    this.wasm._free(this.#block);
  }

  /** A step as a function without parameters. */
  #bind(step: ProgramStep, loops: ReadonlyMap<string, Call>, place: (list: Uint8Array) => number): () => void {
    const { wasm } = this;
    if ('work' in step) {
      const [a = 0, b = 0, c = 0, d = 0] = step.ids.map((id) => this.offsetOf(id));
      return () => step.work(wasm, a, b, c, d);
    }
    if ('blocks' in step) {
      const [from, to] = [this.offsetOf(step.from), this.offsetOf(step.to)];
      return () => copyBlocks(wasm, from, to, step.blocks);
    }
    if ('loop' in step) {
      return bound(loops.get(JSON.stringify(step.loop)), [...step.ids.map((id) => this.offsetOf(id)), step.size]);
    }
    return bound(
      wasm.asm[step.compiled] as Call,
      step.parameters.map((each) => (typeof each === 'number' ? each : place(each))),
    );
  }
}

function bound(call: Call | undefined, parameters: readonly number[]): () => void {
  if (!call) throw new Error('a recorded function is missing');
  return call.bind(undefined, ...parameters);
}

/** Each kind of loop, compiled once. */
function assembleLoops(wasm: WasmModule, steps: readonly ProgramStep[]): Map<string, Call> {
  const loops = new Map(steps.flatMap((step) => ('loop' in step ? [[JSON.stringify(step.loop), step.loop]] : [])));
  const functions = [...loops.values()].map((loop, i) => loopFunction(`loop${i}`, loop));
  const calls = Object.values(instantiate<Record<string, Call>>(wasm, functions));
  return new Map([...loops.keys()].map((key, i) => [key, calls[i]]));
}

/** The tensors that are still there when loops keep their own values to themselves, and those that they lie in. */
function usedTensors(
  { tensors, inputs, outputs }: Recording,
  steps: readonly ProgramStep[],
  places: ReadonlyMap<number, Place>,
): RecordedTensor[] {
  const used = new Set([...inputs, ...outputs.map(({ id }) => id), ...steps.flatMap(({ uses }) => uses)]);
  for (const id of [...used]) used.add(places.get(id)?.root ?? id);
  return tensors.filter(({ id }) => used.has(id));
}

/** From when to when each tensor is needed, with all that lies within it. */
function lifetimes(
  { steps, tensors, outputs }: Recording<ProgramStep>,
  places: ReadonlyMap<number, Place>,
): Lifetime[] {
  const seen = new Map<number, { first: number; last: number }>();
  const see = (id: number, from: number, to: number) => {
    const root = places.get(id)?.root ?? id;
    const { first, last } = seen.get(root) ?? { first: from, last: to };
    seen.set(root, { first: Math.min(first, from), last: Math.max(last, to) });
  };
  for (const { id, source } of tensors) if (source !== 'computed') see(id, -1, source === 'constant' ? Infinity : -1);
  steps.forEach(({ uses }, now) => uses.forEach((id) => see(id, now, now)));
  outputs.forEach(({ id }) => see(id, steps.length, Infinity));
  return tensors.map(({ id, bytes }) => ({ bytes, ...(seen.get(id) ?? { first: 0, last: 0 }) }));
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
