import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { shareLibrary } from '../../benchmarks/share-library.js';
import { describeCuda } from '../../src/cli/display/diagnosis-lines.js';
import { canInstallWithoutCard, installWithoutCard } from '../native/library-without-card.js';
import { run, sharedFolder, SMALL, startIn, succeed, withoutTensorflow } from './processes.js';

const { path, text } = sharedFolder();

let caches = 0;
beforeEach(() => {
  const cache = path(`cache ${caches++}`);
  shareLibrary(cache);
  vi.stubEnv('MIN_CHAR_RNN_CACHE', cache);
});
afterEach(() => vi.unstubAllEnvs());

it("doctor names the user's settings of TensorFlow, and no variable that may be another program's secret", async () => {
  vi.stubEnv('TF_VAR_db_password', 'swordfish');
  vi.stubEnv('TF_NUM_INTEROP_THREADS', '1');
  const [{ stdout }, { stdout: json }] = [await succeed('doctor'), await succeed('doctor', '--json')];
  expect(stdout).toContain('set by you, and used instead: TF_NUM_INTEROP_THREADS=1\n');
  expect(JSON.parse(json)).toMatchObject({ environment: { TF_NUM_INTEROP_THREADS: '1' } });
  for (const shown of [stdout, json]) expect(shown).not.toMatch(/swordfish|TF_VAR/);
});

describe('what doctor says of CUDA', () => {
  const library = { kind: 'ready', guarded: true, tensorflowVersion: '2.19.0', folder: '/cache/cuda' } as const;
  const proof = (placement: Record<string, Record<string, number>>) => ({ description: 'on a card', placement });
  const head = ['GPU: TensorFlow 2.19.0 with CUDA, in /cache/cuda', '  on a card'];

  it('is the reason where it is not set up', () => {
    expect(describeCuda({ library: { kind: 'absent', reason: 'not there; install it' } })).toEqual([
      'GPU: not there; install it',
    ]);
  });

  it('is whether the work of a training step ran on the card', () => {
    expect(describeCuda({ library, proof: proof({ 'GPU:0': { MatMul: 2 } }) })).toEqual([
      ...head,
      '  use of the GPU proven; one training step: 2 kernels on GPU:0 (2 MatMul)',
    ]);
    expect(describeCuda({ library, proof: proof({ 'GPU:0': { MatMul: 2 }, 'CPU:0': { Tanh: 1 } }) })).toEqual([
      ...head,
      '  use of the GPU NOT proven: some of the work ran elsewhere; one training step: 2 kernels on GPU:0 (2 MatMul); ' +
        '1 on CPU:0 (1 Tanh)',
    ]);
  });
});

const skip = !canInstallWithoutCard && !process.env.CI;
const why = skip ? withoutTensorflow.title || ' (skipped: there is no library with CUDA; on Linux x64)' : '';
describe.skipIf(skip)(`with CUDA set up on a machine without a card${why}`, () => {
  const hidden = "no CUDA device: CUDA_VISIBLE_DEVICES='-1' hides every card; unset it";
  let folder: string;
  beforeEach(async () => {
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '-1');
    folder = await installWithoutCard();
  });

  it('doctor says why none can be used', async () => {
    const { stdout } = await succeed('doctor');
    expect(stdout).toContain(`GPU: TensorFlow 2.19.0 with CUDA, in ${folder}\n  cannot be used: ${hidden}\n`);
  });

  it('--device gpu is refused with the reason', async () => {
    const { code, stderr } = await run(['train', text, ...SMALL, '--steps', '2', '--device', 'gpu']);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `min-char-rnn: --device gpu must run on this machine, but tensorflow cannot run here: ${hidden}; or leave it out\n`,
    );
  });

  it('--device auto loads it, uses the CPU instead, and says why', async () => {
    const preload = "process.on('exit', () => console.error(process.report.getReport().sharedObjects.join(' ')))";
    const options = ['--backend', 'tensorflow', '--device', 'auto', '--steps', '1', ...SMALL];
    const { code, stdout, stderr } = await startIn({ preload }, 'train', text, ...options).finished;
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toContain(`1 thread; ${hidden}; computing on the CPU`);
    expect(stderr).toContain(join(folder, 'tfjs_binding.node'));
  });
});
