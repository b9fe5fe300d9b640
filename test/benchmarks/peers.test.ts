import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { LAYERS_PEER, plainC, pythonPeer } from '../../benchmarks/contestants/peers.js';
import { withChild } from '../../benchmarks/start.js';
import type { Launch } from '../../src/bench/child.js';
import { nativeStatus } from '../../src/native/status.js';
import { pythonWith, whyNoPython } from '../python-venv.js';
import { CASES, type Case, largestRelativeDifference, losses, settingsFor, STEPS } from './small-problem.js';

// Each test starts processes that load a library, for which the harness itself waits up to 180 s.
vi.setConfig({ testTimeout: 300_000 });

const folder = mkdtempSync(join(tmpdir(), 'peers-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const numpyPython = pythonWith(['numpy']);
const torchPython = process.env.TORCH_PYTHON;
const c = await plainC(folder);
const tensorflow = nativeStatus().kind === 'ready';

describe.skipIf(!numpyPython)(
  `peers against NumPy in float64${numpyPython ? '' : ` (skipped: ${whyNoPython(['numpy'])})`}`,
  () => {
    const numpy = pythonPeer(numpyPython ?? '', 'numpy_rnn.py');

    async function differenceFromNumpy(launch: Launch, size: Case): Promise<number> {
      const settings = settingsFor(size, folder);
      const [truth, found] = await Promise.all([losses(numpy, settings), losses(launch, settings)]);
      expect(new Set(truth).size).toBe(STEPS);
      return largestRelativeDifference(truth, found);
    }

    it.for(CASES)('the NumPy program in float32 agrees to rounding: $title', async (size) => {
      expect(
        await differenceFromNumpy(pythonPeer(numpyPython ?? '', 'numpy_rnn.py', '--dtype', 'float32'), size),
      ).toBeLessThan(2e-5);
    });

    const noCompiler = 'absent' in c ? ' (skipped: no C compiler works; install cc, gcc or clang)' : '';
    it.skipIf(noCompiler).for(CASES)(`plain C agrees to rounding: $title${noCompiler}`, async (size) => {
      const [launch] = 'launches' in c ? c.launches : [];
      expect(launch && (await differenceFromNumpy(launch, size))).toBeLessThan(2e-5);
    });

    const noTorch = torchPython ? '' : ' (skipped: TORCH_PYTHON is not set; set it to a Python that imports torch)';
    it.skipIf(noTorch).for(CASES)(`PyTorch agrees to rounding: $title${noTorch}`, async (size) => {
      expect(await differenceFromNumpy(pythonPeer(torchPython ?? '', 'torch_rnn.py'), size)).toBeLessThan(2e-5);
    });

    const noTensorflow = tensorflow ? '' : " (skipped: TensorFlow's native library is not set up; npm run setup)";
    it.skipIf(noTensorflow).for(CASES)(
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
  const settings = { hiddenSize: 8, seqLength: 1, batchSize: 1, learningRate: 0.1, corpus };
  await expect(withChild(launch, settings, () => Promise.resolve())).rejects.toThrow(
    /cannot (import numpy|start python3)/,
  );
});

/** A folder whose module `numpy` cannot be imported, ahead of any real one. */
function noNumpy(): string {
  writeFileSync(join(folder, 'numpy.py'), 'raise ImportError("not here")\n');
  return folder;
}
