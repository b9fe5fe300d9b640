import { align, planMemory } from './memory-plan.js';
import type { RecordedStep, Recording } from './recorder.js';
import type { WasmModule } from './wasm-backend.js';

/** A recording in memory of its own, ready to be run again and again. */
export class Program {
  readonly #block: number;
  /** Where tensors are, by id. */
  readonly #offsets: ReadonlyMap<number, number>;
  readonly #steps: readonly (() => void)[];

  constructor(
    private readonly wasm: WasmModule,
    { tensors, steps }: Recording,
  ) {
    const plan = planMemory(tensors);
    const lists = new Lists(steps);
    this.#block = allocate(wasm, align(1) + plan.bytes + lists.bytes.length);
    const start = align(this.#block);
    this.#offsets = new Map(tensors.map(({ id }, i) => [id, start + plan.offsets[i]]));
    for (const { id, size, values } of tensors) {
      wasm.tfjs.registerTensor(id, size, this.offsetOf(id));
      if (values) wasm.HEAPU8.set(values, this.offsetOf(id));
    }
    const listsAt = start + plan.bytes;
    wasm.HEAPU8.set(lists.bytes, listsAt);
    this.#steps = steps.map((step) => this.#bind(step, (list) => listsAt + lists.placeOf(list)));
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
  #bind(step: RecordedStep, place: (list: Uint8Array) => number): () => void {
    const { wasm } = this;
    if ('work' in step) {
      const [a = 0, b = 0, c = 0, d = 0] = step.ids.map((id) => this.offsetOf(id));
      return () => step.work(wasm, a, b, c, d);
    }
    const compiled = wasm.asm[step.compiled] as (...parameters: number[]) => void;
    const parameters = step.parameters.map((each) => (typeof each === 'number' ? each : place(each)));
    return () => compiled(...parameters);
  }
}

/** The lists among compiled functions' parameters, such as shapes, one after another and each once. */
class Lists {
  readonly #places = new Map<string, number>();
  readonly bytes: Uint8Array;

  constructor(steps: readonly RecordedStep[]) {
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

function allocate(wasm: WasmModule, bytes: number): number {
  // Above 2 GiB the address comes as a negative number.
  const offset = wasm._malloc(bytes) >>> 0;
  if (offset === 0) throw new Error(`a recording needs ${bytes} bytes of wasm memory, which is full; run op by op`);
  return offset;
}
