import type { TensorInfo } from '@tensorflow/tfjs-core';
import { simdFunctions } from '../simd/functions.js';
import type { WasmBackend } from '../wasm-backend.js';
import { copy, type Kernel, perform } from './kernel.js';
import { panelFor } from './matmul.js';
import { sizeOf } from './memory.js';

/** `FUSED_RECURRENCE` in one call. */
export const fusedRecurrence: Kernel = ({ backend, inputs: { steps, hidden, Whh } }) => {
  const [B, H] = hidden.shape;
  const T = steps.shape[0] / B;
  const states = backend.makeOutput([(T + 1) * B, H], 'float32');
  copy(backend, hidden, states, [{ from: 0, to: 0, bytes: 4 * B * H }]);
  const { forward } = simdFunctions(backend.wasm);
  withPanel(backend, B, H, (panel) =>
    perform(backend, [steps, states, Whh, ...panel], (_, x, to, weights, panelAt) => {
      forward(x, to, weights, T, B, H, panelAt);
    }),
  );
  return states;
};

/** `FUSED_RECURRENCE_BACKWARD` in one call. */
export const fusedRecurrenceBackward: Kernel = ({ backend, inputs: { states, dHiddens, WhhT } }) => {
  const [TB, H] = dHiddens.shape;
  const B = states.shape[0] - TB;
  const out = backend.makeOutput([TB, H], 'float32');
  const { backward, clear } = simdFunctions(backend.wasm);
  const block = 4 * B * H;
  const last = 4 * sizeOf(out) - block;
  withPanel(backend, B, H, (panel) =>
    perform(backend, [states, dHiddens, WhhT, out, ...panel], (_, statesAt, wanted, weights, to, panelAt) => {
      clear(to + last, block);
      backward(statesAt + last + block, wanted + last, weights, to + last, TB / B, B, H, panelAt);
    }),
  );
  return out;
};

/** Work for products of B rows with a matrix (H, H), given the memory that they take besides, if any. */
function withPanel(backend: WasmBackend, B: number, H: number, work: (panel: TensorInfo[]) => void): void {
  const panel = B === 1 ? [backend.makeOutput([H * H], 'float32')] : panelFor(backend, B, H);
  work(panel);
  panel.forEach(({ dataId }) => backend.disposeData(dataId));
}
