import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { PARAMETER_NAMES, type TrainingState } from '../../src/model/parameters.js';
import { sharedFolder, succeed, withoutTensorflow } from '../cli/processes.js';

const { path } = sharedFolder();

/** Written by version 0.1.0 on the built-in text, after 30 and 60 steps of one run. */
const fixture = (backend: string, step: number) =>
  fileURLToPath(new URL(`../fixtures/${backend}-${step}.safetensors`, import.meta.url));

/** The largest difference between two states, over all their tensors. */
function difference(a: TrainingState, b: TrainingState): number {
  const pairs = [
    ...PARAMETER_NAMES.map((name) => [a.parameters[name], b.parameters[name]]),
    ...PARAMETER_NAMES.map((name) => [a.memories[name], b.memories[name]]),
    [a.hidden, b.hidden],
  ];
  return Math.max(...pairs.flatMap(([x, y]) => Array.from(x, (value, i) => Math.abs(value - y[i]))));
}

describe.each([
  // Plain arithmetic is the same on all processors.
  ['pure', 0, { skip: false, title: '' }],
  // Other processors than the fixture's (AVX-512) add in another order.
  ['wasm', 1e-5, { skip: false, title: '' }],
  ['tensorflow', 1e-5, withoutTensorflow],
])('a run that version 0.1.0 saved on %s', (backend, tolerance, { skip, title }) => {
  // But for its samples: that version drew more numbers for each character.
  it.skipIf(skip)(`continues as that version did${title}`, async () => {
    const copy = path(`${backend}.safetensors`);
    copyFileSync(fixture(backend, 30), copy);
    await succeed('train', '--resume', copy, '--steps', '60', '--backend', backend, '--threads', '1', '--quiet');
    const [resumed, expected] = [await loadCheckpoint(copy), await loadCheckpoint(fixture(backend, 60))];
    expect(difference(resumed.tensors, expected.tensors)).toBeLessThanOrEqual(tolerance);
    expect(resumed.run.step).toBe(60);
    expect(resumed.options).toEqual(expected.options);
  });
});
