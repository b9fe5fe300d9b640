import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import {
  cardContestants,
  cardProducts,
  cardReaders,
  torchContestants,
  torchProducts,
  WINDOWS_PER_CALL,
} from '../../benchmarks/contestants/card-contestants.js';
import { nodeProgram } from '../../benchmarks/contestants/node-program.js';
import { OUR_NAME } from '../../benchmarks/contestants/our-contestants.js';
import { pythonPeer } from '../../benchmarks/contestants/peers.js';
import { measureGemm } from '../../benchmarks/peers/gemm-peak.js';
import { writeCardText } from '../../benchmarks/suites/card-text.js';
import { withChild } from '../../benchmarks/start.js';
import { cardNames } from '../../src/backends/tensorflow/cuda.js';
import type { Launch } from '../../src/bench/child.js';
import { builtInCorpus } from '../../src/corpus/corpus.js';
import { readCorpus } from '../../src/corpus/open-corpus.js';
import { Streams } from '../../src/corpus/streams.js';
import type { TrainableModel } from '../../src/model/trainable-model.js';
import { WindowLoop } from '../../src/trainer/window-loop.js';
import { compiled } from '../compiled.js';
import { CASES, settingsFor } from './small-problem.js';

// Each test starts processes that load a library, for which the harness itself waits up to 180 s.
vi.setConfig({ testTimeout: 300_000 });

const folder = mkdtempSync(join(tmpdir(), 'card-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MOST = Math.max(...WINDOWS_PER_CALL);
const settings = settingsFor(CASES[0], folder);
const noVulkan =
  process.platform === 'linux' ? '' : ' (skipped: adapters can be hidden through Vulkan alone; on Linux)';

/** Who a program is that only starts. */
const start = (launch: Launch, given: typeof settings) => withChild(launch, given, () => Promise.resolve());

describe('the text for a card', () => {
  it.for([64, 256, 1024])('has whole calls of windows and all characters of the corpus: B=%i', async (batchSize) => {
    const size = { batchSize, hiddenSize: 1, seqLength: 64 };
    const original = await readCorpus(builtInCorpus(), 'utf-8');
    const path = await writeCardText(size, builtInCorpus(), folder);
    const { symbols, vocabulary } = await readCorpus(path, 'utf-8');
    const { windowsPerEpoch } = new Streams(symbols, batchSize, size.seqLength, path);
    expect(windowsPerEpoch % MOST).toBe(0);
    expect(windowsPerEpoch).toBeGreaterThanOrEqual(4 * MOST);
    expect(vocabulary.size).toBe(original.vocabulary.size);
    expect(symbols.subarray(0, 1000)).toEqual(original.symbols.subarray(0, 1000));
  });

  it('is read in calls of as many windows as were asked for, from end to end', async () => {
    const size = { batchSize: 5, hiddenSize: 1, seqLength: 6 };
    const path = await writeCardText(size, settings.corpus, folder);
    const { symbols } = await readCorpus(path, 'utf-8');
    const streams = new Streams(symbols, size.batchSize, size.seqLength, path);
    const calls: number[] = [];
    const train = (_inputs: Int32Array, _targets: Int32Array, rates: Float32Array) => calls.push(rates.length);
    const model = { train, losses: () => Promise.resolve([0]), resetHidden: () => undefined };
    const loop = new WindowLoop(model as unknown as TrainableModel, streams, MOST);
    await loop.run(2 * streams.windowsPerEpoch + MOST, 0.1);
    expect(new Set(calls)).toEqual(new Set([MOST]));
  });
});

describe('the contestants on a card', () => {
  const everyone = [...cardContestants(), ...torchContestants('python3')];
  const environmentOf = ({ env }: Launch) => env?.NVIDIA_TF32_OVERRIDE;

  it('have different names, by which charts know ours', () => {
    expect(new Set(everyone.map(({ name }) => name)).size).toBe(everyone.length);
    const ours = everyone.filter(({ name }) => name.startsWith(OUR_NAME));
    expect(ours.map(({ name }) => name)).toEqual(cardContestants().map(({ name }) => name));
  });

  it('compute in the precision of their rows, whatever the environment', () => {
    const launches = everyone.map(({ precision, launches: [launch] }) => ({ precision, launch }));
    for (const { precision, launch } of [...launches, ...cardProducts().slice(0, 2), ...torchProducts('python3')]) {
      expect(environmentOf(launch)).toBe(precision === 'TF32' ? '1' : '0');
      if (launch.command === 'python3') expect(launch.args.includes('--tf32')).toBe(precision === 'TF32');
    }
    expect(new Set(everyone.map(({ precision }) => precision))).toEqual(new Set(['FP32', 'TF32']));
  });

  it('are in the contest where their cost of reading back is measured', () => {
    const names = everyone.map(({ name }) => name);
    expect(cardReaders().every(({ name }) => names.includes(name))).toBe(true);
  });

  it.skipIf(noVulkan)(`are absent with a reason in one line where there is no adapter${noVulkan}`, async () => {
    const [, webgpu] = cardReaders();
    const started = start(withoutAdapters(webgpu.launches[0]), settings);
    await expect(started).rejects.toThrow(/^(no graphics adapter was found|its packages are not installed).*$/);
  });
});

describe('the matrix product on a card', () => {
  const [cuda, , webgpu] = cardProducts();

  const card = cardNames().length > 0;
  it.skipIf(card)(
    `says why there is no CUDA${card ? ' (skipped: there is a card; on a machine without one)' : ''}`,
    async () => {
      expect(await measureGemm(cuda.launch)).toEqual({
        absent: expect.stringMatching(/^(?!Command failed).+$/) as string,
      });
    },
  );

  it.skipIf(noVulkan)(`says why there is no adapter${noVulkan}`, async () => {
    expect(await measureGemm(withoutAdapters(webgpu.launch))).toEqual({
      absent: expect.stringMatching(/^(no graphics adapter was found|its packages are not installed).*$/) as string,
    });
  });

  it('names the error of a program that broke, in one line', async () => {
    const args = ['--eval', 'console.error("on its way"); throw new TypeError("broken")'];
    expect(await measureGemm({ command: process.execPath, args })).toEqual({
      absent: 'ended with exit code 1: TypeError: broken',
    });
    expect(await measureGemm({ command: '/nowhere/python', args })).toEqual({
      absent: expect.stringContaining('ENOENT') as string,
    });
  });

  it('is measured at every size that is named', async () => {
    const flags = ['--backend', 'wasm', '--device', 'cpu', '--sizes', '16,32'];
    const launch = nodeProgram('../../benchmarks/contestants/card-gemm.ts', compiled(import.meta.url), flags);
    const found = await measureGemm(launch);
    if ('absent' in found) throw new Error(found.absent);
    expect(Object.keys(found.gflops)).toEqual(['16', '32']);
    expect(Math.min(...Object.values(found.gflops))).toBeGreaterThan(0);
  });
});

describe('the PyTorch peers on a card', () => {
  it('say that there is none', async () => {
    const absent = 'PyTorch 0.1 finds no CUDA device';
    expect(await measureGemm(torch('torch_gemm.py', NO_CARD))).toEqual({ absent });
    await expect(start(torch('torch_rnn.py', NO_CARD, '--device', 'cuda'), settings)).rejects.toThrow(absent);
  });

  it.for([
    { flags: [], precision: 'cudnn False, matmul False' },
    { flags: ['--tf32'], precision: 'cudnn True, matmul True' },
  ])('set the precision of both libraries: $precision', async ({ flags, precision }) => {
    const gemm = await measureGemm(torch('torch_gemm.py', A_CARD, ...flags));
    expect(gemm).toEqual({ absent: expect.stringContaining(precision) as string });
    const started = start(torch('torch_rnn.py', A_CARD, '--device', 'cuda', ...flags), settings);
    await expect(started).rejects.toThrow(precision);
  });

  it('need no card on the CPU', async () => {
    const started = start(torch('torch_rnn.py', NO_CARD, '--device', 'cpu'), settings);
    await expect(started).rejects.toThrow('cudnn unset, matmul unset');
  });

  it('refuse a device that there is not', async () => {
    const started = start(torch('torch_rnn.py', NO_CARD, '--device', 'abacus'), settings);
    await expect(started).rejects.toThrow(/invalid choice: 'abacus'/);
  });
});

const A_CARD = 'True';
const NO_CARD = 'False';

/** Where no Vulkan driver is found, WebGPU finds no adapter; not even one in software. */
function withoutAdapters(launch: Launch): Launch {
  const nowhere = join(folder, 'no-driver.json');
  return { ...launch, env: { ...launch.env, VK_ICD_FILENAMES: nowhere, VK_DRIVER_FILES: nowhere } };
}

/** A PyTorch peer with a module `torch` that ends the process where a tensor is to be made, and says how it is set. */
function torch(script: string, card: string, ...flags: string[]): Launch {
  const modules = join(folder, `card-${card}`);
  mkdirSync(modules, { recursive: true });
  const text = `
from types import SimpleNamespace
__version__ = "0.1"
cuda = SimpleNamespace(is_available=lambda: ${card})
backends = SimpleNamespace(
    cudnn=SimpleNamespace(allow_tf32="unset"), cuda=SimpleNamespace(matmul=SimpleNamespace(allow_tf32="unset"))
)
def stop(*_, **__):
    raise SystemExit(f"cudnn {backends.cudnn.allow_tf32}, matmul {backends.cuda.matmul.allow_tf32}")
rand = device = stop
`;
  writeFileSync(join(modules, 'torch.py'), text);
  const { env, ...launch } = pythonPeer('python3', script, ...flags);
  return { ...launch, env: { ...env, PYTHONPATH: modules } };
}
