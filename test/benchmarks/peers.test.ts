import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Child, type Launch } from '../../benchmarks/child.js';
import { LAYERS_PEER, plainC, pythonPeer } from '../../benchmarks/contestants/peers.js';
import type { ChildSettings } from '../../benchmarks/protocol.js';
import { pythonWith, whyNoPython } from '../python-venv.js';

const folder = mkdtempSync(join(tmpdir(), 'peers-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const numpyPython = pythonWith(['numpy']);
const torchPython = process.env.TORCH_PYTHON;
const c = await plainC(folder);
const tensorflow = await import('@tensorflow/tfjs-node').then(
  () => true,
  () => false,
);

const STEPS = 25;
const TEXT = Array.from(
  { length: 220 },
  (_, i) => 'pack my böx with five dozen — jugs 𝄞\n'.at((i * i) % 37) ?? '',
).join('');

/** Small and odd sizes, so that a transposed axis or a wrong remainder shows; 25 steps pass the text's end more than once. */
const cases = [
  { title: 'one stream', hiddenSize: 21, seqLength: 11, batchSize: 1 },
  { title: 'five streams', hiddenSize: 19, seqLength: 6, batchSize: 5 },
  { title: 'windows of one step', hiddenSize: 8, seqLength: 1, batchSize: 2 },
];

function settingsFor({ hiddenSize, seqLength, batchSize }: (typeof cases)[number]): ChildSettings {
  const corpus = join(folder, 'corpus.txt');
  writeFileSync(corpus, TEXT);
  return { hiddenSize, seqLength, batchSize, learningRate: 0.01, corpus, weights: weightsFile(hiddenSize) };
}

function weightsFile(H: number): string {
  const V = new Set(TEXT).size;
  const weights = Float32Array.from({ length: 2 * H * V + H * H }, (_, i) => 0.3 * Math.sin(i * 12.9898));
  const path = join(folder, `weights-${H}.bin`);
  writeFileSync(path, weights);
  return path;
}

async function losses(launch: Launch, settings: ChildSettings): Promise<number[]> {
  const { child } = await Child.start(launch, settings);
  const found: number[] = [];
  for (let step = 0; step < STEPS; step++) found.push((await child.run(1)).loss);
  await child.stop();
  return found;
}

function largestRelativeDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN)) / Math.abs(value)));
}

describe.skipIf(!numpyPython)(
  `peers against NumPy in float64 ${numpyPython ? '' : `(${whyNoPython(['numpy'])})`}`,
  () => {
    const numpy = pythonPeer(numpyPython ?? '', 'numpy_rnn.py');

    async function differenceFromNumpy(launch: Launch, size: (typeof cases)[number]): Promise<number> {
      const settings = settingsFor(size);
      const [truth, found] = await Promise.all([losses(numpy, settings), losses(launch, settings)]);
      expect(new Set(truth).size).toBe(STEPS);
      return largestRelativeDifference(truth, found);
    }

    it.for(cases)('the NumPy program in float32 agrees to rounding: $title', async (size) => {
      expect(
        await differenceFromNumpy(pythonPeer(numpyPython ?? '', 'numpy_rnn.py', '--dtype', 'float32'), size),
      ).toBeLessThan(2e-5);
    });

    const noCompiler = 'absent' in c ? ` (skipped: ${c.absent})` : '';
    it.skipIf(noCompiler).for(cases)(`plain C agrees to rounding: $title${noCompiler}`, async (size) => {
      const [launch] = 'launches' in c ? c.launches : [];
      expect(launch && (await differenceFromNumpy(launch, size))).toBeLessThan(2e-5);
    });

    const noTorch = torchPython ? '' : ' (skipped: TORCH_PYTHON names no Python with PyTorch)';
    it.skipIf(noTorch).for(cases)(`PyTorch agrees to rounding: $title${noTorch}`, async (size) => {
      expect(await differenceFromNumpy(pythonPeer(torchPython ?? '', 'torch_rnn.py'), size)).toBeLessThan(2e-5);
    });

    const noTensorflow = tensorflow ? '' : ' (skipped: @tensorflow/tfjs-node does not load)';
    it.skipIf(noTensorflow).for(cases)(
      `tf.layers.simpleRNN agrees to rounding: $title${noTensorflow}`,
      async (size) => {
        expect(await differenceFromNumpy(LAYERS_PEER, size)).toBeLessThan(2e-5);
      },
    );
  },
);

it('a Python without the package that a peer needs says so', async () => {
  const corpus = join(folder, 'corpus.txt');
  const launch = {
    ...pythonPeer('python3', 'numpy_rnn.py'),
    env: { PYTHONPATH: noNumpy(), PYTHONDONTWRITEBYTECODE: '1' },
  };
  const start = Child.start(launch, { hiddenSize: 8, seqLength: 1, batchSize: 1, learningRate: 0.1, corpus });
  await expect(start).rejects.toThrow(/cannot (import numpy|start python3)/);
});

/** A folder whose module `numpy` cannot be imported, ahead of any real one. */
function noNumpy(): string {
  writeFileSync(join(folder, 'numpy.py'), 'raise ImportError("not here")\n');
  return folder;
}
