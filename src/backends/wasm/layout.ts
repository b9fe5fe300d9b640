import { align, type Lifetime, planMemory } from './memory-plan.js';
import type { Optimized } from './optimize.js';
import type { ProgramStep, RecordedTensor, Recording } from './recording.js';
import type { Place } from './views.js';
import type { WasmModule } from './wasm-backend.js';

/** Inputs of at most so many bytes are copied: that takes less time than to bind calls to where they lie. */
const COPIED_AT_MOST = 16_384;

/** Where a recording's tensors are: in a block of memory of its own, or in the memory of inputs that stay outside it. */
export class Layout {
  /** Ids of the inputs that are used where they lie: large ones, and those that outputs take the place of. */
  readonly outside: ReadonlySet<number>;
  readonly #block: number;
  readonly listsAt: number;
  readonly #tensors: readonly RecordedTensor[];
  readonly #bytes: ReadonlyMap<number, number>;
  /** Of the tensors that lie in no other, in bytes from the start of wasm memory. */
  readonly #offsets = new Map<number, number>();

  /**
   * @param lists bytes that go behind the tensors, at `listsAt`.
   * @param inTurns whether inputs come in parts, one after another: these are all copied.
   */
  constructor(
    private readonly wasm: WasmModule,
    recording: Recording,
    private readonly optimized: Optimized,
    lists: Uint8Array,
    inTurns: boolean,
  ) {
    const { steps, places } = optimized;
    this.#tensors = usedTensors(recording, steps, places);
    this.#bytes = new Map(this.#tensors.map(({ id, bytes }) => [id, bytes]));
    const most = inTurns ? Infinity : COPIED_AT_MOST;
    this.outside = new Set(recording.inputs.filter((id, i) => i < recording.replaced || this.bytesOf(id) > most));
    const own = this.#tensors.filter(({ id }) => this.#placeOf(id).root === id && !this.outside.has(id));
    const plan = planMemory(lifetimes({ ...recording, steps, tensors: own }, places));
    // Above 2 GiB the address comes as a negative number.
    this.#block = wasm._malloc(align(1) + plan.bytes + lists.length) >>> 0;
    const start = align(this.#block);
    own.forEach(({ id }, i) => this.#offsets.set(id, start + plan.offsets[i]));
    this.listsAt = start + plan.bytes;
    wasm.HEAPU8.set(lists, this.listsAt);
    for (const tensor of this.#tensors) if (!this.outside.has(this.#placeOf(tensor.id).root)) this.#register(tensor);
  }

  /** Where a tensor is in wasm memory, in bytes. */
  offsetOf(id: number): number {
    const { root, offset } = this.#placeOf(id);
    const start = this.#offsets.get(root);
    if (start === undefined) throw new Error(`tensor ${id} is not part of this recording`);
    return start + offset;
  }

  /** The inputs outside in whose memory tensors lie. */
  inputsOf(ids: readonly number[]): Set<number> {
    return new Set(ids.map((id) => this.#placeOf(id).root).filter((root) => this.outside.has(root)));
  }

  bytesOf(id: number): number {
    return this.#bytes.get(id) ?? 0;
  }

  /** Says where an input outside is from now on. @returns whether that is another place than before. */
  move(input: number, offset: number): boolean {
    if (this.#offsets.get(input) === offset) return false;
    this.#offsets.set(input, offset);
    for (const tensor of this.#tensors) if (this.#placeOf(tensor.id).root === input) this.#register(tensor);
    return true;
  }

  dispose(): void {
    for (const { id } of this.#tensors) this.wasm.tfjs.disposeData(id);
    this.wasm._free(this.#block);
  }

  #placeOf(id: number): Place {
    const { root, offset } = this.optimized.places.get(id) ?? { root: id, offset: 0 };
    return { root: this.optimized.homes.get(root) ?? root, offset };
  }

  /** Tells tfjs's functions, which know a tensor by its id, where it is. */
  #register({ id, size, values }: RecordedTensor): void {
    const offset = this.offsetOf(id);
    this.wasm.tfjs.disposeData(id);
    this.wasm.tfjs.registerTensor(id, size, offset);
    if (values) this.wasm.HEAPU8.set(values, offset);
  }
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
