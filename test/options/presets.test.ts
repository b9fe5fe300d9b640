import { expect, it } from 'vitest';
import type { Runtime } from '../../src/backends/runtime.js';
import { newRunOptions } from '../../src/options/run-options.js';
import { windowsPerCall } from '../../src/run/run.js';
import { PRESETS } from '../../src/options/presets.js';
import { SPECIFICATION, type TrainOptions } from '../../src/options/train-options.js';

const shared = { init: 'scaled', learningRateRise: 'sqrt', learningRateDecay: 'linear', resetProbability: 0.001 };
const fast = { learningRate: 0.002, recurrentDropout: 0.1, weightDecay: 0.0001 };

it.each([
  ['seed', {}],
  ['fast', { ...shared, ...fast, hiddenSize: 256, seqLength: 32, batchSize: 8 }],
  ['gpu', { ...shared, hiddenSize: 1024, seqLength: 64, batchSize: 256, learningRate: 0.001 }],
] as const)('--preset %s has its values, and the defaults for the rest', (preset, values) => {
  expect(newRunOptions({ preset, steps: 1 })).toMatchObject({ ...SPECIFICATION, ...values });
  expect(Object.keys(PRESETS[preset]).sort()).toEqual(Object.keys(values).sort());
});

it('an option beside a preset wins over it', () => {
  expect(newRunOptions({ preset: 'gpu', batchSize: 64, steps: 1 })).toMatchObject({ batchSize: 64, hiddenSize: 1024 });
});

it('--preset gpu shares the way to a CUDA card between four windows, and nowhere else', () => {
  const on = (given: TrainOptions, device?: string, backend = 'tensorflow') =>
    windowsPerCall(given, { backend, device } as Runtime);
  expect(on({ preset: 'gpu' }, 'gpu')).toBe(4);
  expect(on({ preset: 'gpu', windowsPerCall: 2 }, 'gpu')).toBe(2);
  expect(on({ preset: 'gpu' })).toBe(0);
  expect(on({ preset: 'gpu' }, undefined, 'webgpu')).toBe(0);
  expect(on({ preset: 'fast' }, 'gpu')).toBe(0);
  expect(on({}, 'gpu')).toBe(0);
});
