import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { applyCudaSettings, cardNames, explainNoCard, hideCards } from '../../../src/backends/tensorflow/cuda.js';
import { loadTensorflow } from '../../../src/backends/tensorflow/load.js';
import { simplify } from '../../../src/backends/tensorflow/simplify.js';
import type { GraphNode } from '../../../src/backends/tensorflow/graph.js';

let driver: string;
beforeEach(() => {
  driver = join(mkdtempSync(join(tmpdir(), 'driver-')), 'nvidia');
});
afterEach(() => {
  rmSync(join(driver, '..'), { recursive: true });
  vi.unstubAllEnvs();
});

function installDriver(...cards: string[]): void {
  mkdirSync(join(driver, 'gpus'), { recursive: true });
  writeFileSync(join(driver, 'version'), 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19\n');
  cards.forEach((card, i) => {
    mkdirSync(join(driver, 'gpus', `0000:0${i}:00.0`));
    writeFileSync(join(driver, 'gpus', `0000:0${i}:00.0`, 'information'), `Model: \t\t ${card}\nIRQ:   \t\t 85\n`);
  });
}

describe('a machine on which TensorFlow finds no card', () => {
  it('has no driver', () => {
    expect(explainNoCard({}, driver)).toBe('no NVIDIA driver is loaded; install it');
    expect(cardNames(driver)).toEqual([]);
  });

  it('has a driver that shows none', () => {
    installDriver();
    expect(explainNoCard({}, driver)).toBe('the NVIDIA driver 535.104.05 shows no card; look at nvidia-smi');
  });

  it('has one that TensorFlow cannot use', () => {
    installDriver('NVIDIA A100-SXM4-80GB');
    expect(cardNames(driver)).toEqual(['NVIDIA A100-SXM4-80GB']);
    expect(explainNoCard({}, driver)).toMatch(/with the NVIDIA driver 535\.104\.05; CUDA 12 needs 525/);
  });

  it.each(['-1', ''])('hides it by CUDA_VISIBLE_DEVICES=%j', (hidden) => {
    installDriver('NVIDIA A100-SXM4-80GB');
    expect(explainNoCard({ CUDA_VISIBLE_DEVICES: hidden }, driver)).toContain('hides every card');
    expect(explainNoCard({ CUDA_VISIBLE_DEVICES: '0' }, driver)).not.toContain('hides');
  });
});

describe('the settings for CUDA', () => {
  it('leave what the user has set', () => {
    const environment: NodeJS.ProcessEnv = { NVIDIA_TF32_OVERRIDE: '1' };
    applyCudaSettings(environment);
    expect(environment).toMatchObject({ NVIDIA_TF32_OVERRIDE: '1', TF_FORCE_GPU_ALLOW_GROWTH: 'true' });
  });

  it('hide the cards where the CPU is asked for', () => {
    const environment: NodeJS.ProcessEnv = { CUDA_VISIBLE_DEVICES: '0' };
    hideCards(environment);
    expect(environment.CUDA_VISIBLE_DEVICES).toBe('-1');
  });
});

describe('--device of tensorflow', () => {
  it('is refused where there is no such device', async () => {
    expect(await loadTensorflow({ compile: true, device: 'tpu' })).toEqual({
      backend: 'tensorflow',
      reason: "its devices are cpu, gpu, auto, not 'tpu'; name one of them",
    });
  });

  it('gpu says how to install CUDA where that is missing', async () => {
    vi.stubEnv('MIN_CHAR_RNN_CACHE', driver);
    expect(await loadTensorflow({ compile: true, device: 'gpu' })).toMatchObject({
      reason: expect.stringMatching(
        /^TensorFlow for CUDA (is not set up; run npx tsx .*setup --gpu$|needs one of)/,
      ) as string,
    });
  });
});

it('a graph for a card leaves tanh apart from the product before it, as CUDA has no such kernel for float32', () => {
  const float = new Map([['T', { kind: 'type', value: 1 } as const]]);
  const placeholder = (name: string, shape: number[]): GraphNode => ({
    name,
    op: 'Placeholder',
    inputs: [],
    attributes: new Map(),
    shapes: [shape],
  });
  const nodes: GraphNode[] = [
    placeholder('a', [2, 3]),
    placeholder('b', [3, 4]),
    placeholder('bias', [4]),
    { name: 'product', op: 'BatchMatMulV2', inputs: ['a', 'b'], attributes: float, shapes: [[2, 4]] },
    { name: 'sum', op: 'Add', inputs: ['product', 'bias'], attributes: float, shapes: [[2, 4]] },
    { name: 'h', op: 'Tanh', inputs: ['sum'], attributes: float, shapes: [[2, 4]] },
  ];
  const ops = (onCard: boolean) =>
    simplify(nodes, ['h:0'], onCard).flatMap(({ op }) => (op === 'Placeholder' ? [] : [op]));
  expect(ops(true)).toEqual(['MatMul', 'Add', 'Tanh']);
  expect(ops(false)).toEqual(['_FusedMatMul']);
});
