import { parameterCount } from '../model/parameters.js';
import type { ModelConfig } from '../model/trainable-model.js';
import type { BackendName } from '../options/choices.js';
import { inGiB, memoryOfMachine } from '../system/memory.js';

/** The sizes of the work that a runtime is asked for, as far as they are known. */
export interface WorkSize extends Pick<ModelConfig, 'batchSize' | 'hiddenSize'> {
  vocabularySize?: number | undefined;
  /** Of training windows; without it, the model is only read. */
  seqLength?: number | undefined;
  /** Windows in one call; 1 where it is left out. */
  windows?: number | undefined;
}

/**
 * Arrays of float32 that are there at the peak, which is while the first step is traced: none of a call's results is
 * freed before its end. In copies of all weights; in copies of them a window of a call; in arrays (T B, H) and (T B, V)
 * a window. Fitted to measured peaks, which they exceed nowhere by more than a twentieth, so that nothing is refused that works.
 */
const PEAKS: Readonly<Record<BackendName, { weights: number; updates: number; hiddens: number; logits: number }>> = {
  tensorflow: { weights: 9, updates: 8.5, hiddens: 10, logits: 4.5 },
  webgpu: { weights: 4, updates: 0, hiddens: 0, logits: 0 },
  wasm: { weights: 4, updates: 9.5, hiddens: 7, logits: 4 },
  // Buffers are made once, and no window is computed beside another.
  pure: { weights: 5, updates: 0, hiddens: 2, logits: 1 },
};

/** Copies of the weights outside the backend, memories included: where a run starts from, and its last good state. */
const HOST_COPIES = { train: 4, read: 2 };

/** The most that the memory of a WebAssembly module can grow to: addresses have 32 bits. */
export const WASM_BYTES = 2 ** 32;

/** Bytes that a backend takes at its peak for work of a size; 0 where the vocabulary is not known. */
export function neededBytes(backend: BackendName, size: WorkSize): number {
  const { batchSize: B, hiddenSize: H, vocabularySize: V, seqLength: T = 0, windows = 1 } = size;
  if (V === undefined) return 0;
  const weights = parameterCount({ hiddenSize: H, vocabularySize: V });
  // A model that is only read has its weights once more where it computes.
  if (T === 0) return FLOAT * weights;
  const peak = PEAKS[backend];
  const perWindow = peak.updates * weights + T * B * (peak.hiddens * H + peak.logits * V);
  // Of windows that are gone through in turns, one is there at a time.
  const together = backend === 'pure' || backend === 'wasm' ? 1 : windows;
  return FLOAT * (peak.weights * weights + together * perWindow);
}

/**
 * Why work of a size cannot fit into memory on a backend; undefined where it can. What only a
 * loaded device knows is not asked here.
 * @param machine bytes that the machine has.
 */
export function shortageOf(
  backend: BackendName,
  size: WorkSize,
  device?: string,
  machine = memoryOfMachine(),
): string | undefined {
  // A card has memory of its own, and says itself when it is full.
  const onCard = backend === 'tensorflow' && device !== undefined && device !== 'cpu';
  const needed = onCard ? 0 : neededBytes(backend, size);
  if (backend === 'wasm' && needed > WASM_BYTES)
    return shortage(needed, `WebAssembly has ${inGiB(WASM_BYTES)} at most`);
  const { hiddenSize, vocabularySize = 0, seqLength } = size;
  const copies = seqLength === undefined ? HOST_COPIES.read : HOST_COPIES.train;
  const total = needed + copies * FLOAT * parameterCount({ hiddenSize, vocabularySize });
  return total > machine ? shortage(total, `this machine has ${inGiB(machine)}`) : undefined;
}

/** What helps against a shortage. */
export const SMALLER = 'take a smaller batch, window or model';

/** The same for a graphics device, which limits what one tensor can take. */
export function shortageOnDevice(
  { batchSize: B, hiddenSize: H, vocabularySize: V = 0, seqLength: T = 0 }: WorkSize,
  limits: { readonly maxBufferSize: number; readonly maxStorageBufferBindingSize: number },
): string | undefined {
  const largest = FLOAT * Math.max(H * V, H * H, (T + 1) * B * H, T * B * V);
  const most = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  return largest > most ? shortage(largest, `the device takes ${inGiB(most)} at most`, 'one of its arrays') : undefined;
}

const FLOAT = Float32Array.BYTES_PER_ELEMENT;

function shortage(needed: number, limit: string, what = 'it'): string {
  return `${what} needs ${inGiB(needed)} for these sizes, but ${limit}`;
}
