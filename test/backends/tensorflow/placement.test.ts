import { describe, expect, it } from 'vitest';
import { describePlacement, placementIn, ranOnGpu } from '../../../src/backends/tensorflow/placement.js';
import { provePlacement } from '../../../src/bench/placement-proof.js';
import { withoutTensorflow } from '../../cli/processes.js';

/** Lines as TensorFlow 2.19 writes them on a CPU, with another device put in. */
const line = (step: number, op: string, device: string) =>
  `2026-11-22 14:28:03.773119: I tensorflow/core/common_runtime/executor.cc:879] Process node: 81 step ${step} ` +
  `{{node op106_${op}}} = ${op}[T=DT_FLOAT, _XlaHasReferenceVars=false, ` +
  `_device="/job:localhost/replica:0/task:0/device:CPU:0"](_arg_input0_0_0, op105_Mul) ` +
  `device: /job:localhost/replica:0/task:0/device:${device}`;

const log = [
  'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
  line(1, 'MatMul', 'CPU:0'),
  line(2, '_Arg', 'CPU:0'),
  line(2, 'MatMul', 'GPU:0'),
  line(2, 'MatMul', 'GPU:0'),
  line(2, 'Tanh', 'GPU:0'),
  line(2, 'Cast', 'CPU:0'),
].join('\n');

describe('the placement of a step', () => {
  it('is that of the last run, by device and op, without what only hands over', () => {
    expect(placementIn(log)).toEqual({ 'GPU:0': { MatMul: 2, Tanh: 1 }, 'CPU:0': { Cast: 1 } });
    expect(describePlacement(placementIn(log))).toBe('3 kernels on GPU:0 (2 MatMul, 1 Tanh); 1 on CPU:0 (1 Cast)');
  });

  it('proves the use of a GPU only if every heavy op ran there', () => {
    expect(ranOnGpu(placementIn(log))).toBe(true);
    expect(ranOnGpu(placementIn(`${log}\n${line(2, '_FusedMatMul', 'CPU:0')}`))).toBe(false);
    expect(ranOnGpu(placementIn(line(2, 'Cast', 'GPU:0')))).toBe(false);
    expect(ranOnGpu(placementIn('nothing of the kind'))).toBe(false);
  });
});

it.skipIf(withoutTensorflow.skip)(
  `a step's kernels are seen in TensorFlow's own log${withoutTensorflow.title}`,
  // More than the proof's own patience, so that its reason is seen.
  { timeout: 180_000 },
  async () => {
    const proof = await provePlacement('cpu', ['--import', import.meta.resolve('tsx')]);
    const placement = 'placement' in proof ? proof.placement : {};
    expect(Object.keys(placement)).toEqual(['CPU:0']);
    const ops = Object.keys(placement['CPU:0']);
    expect(ops.some((op) => op.includes('MatMul'))).toBe(true);
    expect(ops).toContain('TanhGrad');
    expect(ranOnGpu(placement)).toBe(false);
  },
);
