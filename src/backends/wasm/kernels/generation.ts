import { simdFunctions } from '../simd/functions.js';
import { copy, type Kernel, perform } from './kernel.js';

/** `FUSED_GENERATION` in one call. */
export const fusedGeneration: Kernel = ({ backend, inputs: { inputs, Whh, Why, by, hidden, start, draws } }) => {
  const [N] = draws.shape;
  const [V] = by.shape;
  const [, H] = hidden.shape;
  const states = backend.makeOutput([N + 1, H], 'float32');
  const symbols = backend.makeOutput([N + 1], 'int32');
  const logits = backend.makeOutput([V], 'float32');
  copy(backend, hidden, states, [{ from: 0, to: 0, bytes: 4 * H }]);
  copy(backend, start, symbols, [{ from: 0, to: 0, bytes: 4 }]);
  const { generate, pack } = simdFunctions(backend.wasm);
  const packed = [Whh, Why].map((matrix) => {
    const out = backend.makeOutput(matrix.shape, 'float32');
    perform(backend, [matrix, out], (_, from, to) => pack(from, to, matrix.shape[1], H));
    return out;
  });
  perform(backend, [inputs, ...packed, by, draws, states, symbols, logits], (_, ...offsets) => {
    generate(...offsets, N, V, H);
  });
  for (const { dataId } of [...packed, logits]) backend.disposeData(dataId);
  const results = [backend.makeOutput([N, H], 'float32'), backend.makeOutput([N], 'int32')];
  copy(backend, states, results[0], [{ from: 4 * H, to: 0, bytes: 4 * N * H }]);
  copy(backend, symbols, results[1], [{ from: 4, to: 0, bytes: 4 * N }]);
  for (const { dataId } of [states, symbols]) backend.disposeData(dataId);
  return results;
};
