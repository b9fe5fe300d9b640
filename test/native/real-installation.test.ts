import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../src/system/run-command.js';
import { BINDING_NAME } from '../../src/native/binding.js';
import { tfjsNodeModule } from '../../src/native/carried.js';
import { setupNative } from '../../src/native/setup.js';
import { nativeStatus } from '../../src/native/status.js';
import { childEnvironment, LOAD_SCRIPT } from '../../src/native/verify.js';
import { withoutTensorflow } from '../cli/processes.js';

const status = nativeStatus();
const isSetUp = status.kind === 'ready';
const parameters = [isSetUp ? join(status.folder, BINDING_NAME) : '', tfjsNodeModule()];

afterEach(() => vi.unstubAllEnvs());

describe.skipIf(!isSetUp)(`the native library as it is set up${withoutTensorflow.title}`, () => {
  it('is found ready without any program or network', async () => {
    vi.stubEnv('PATH', '/nowhere');
    await expect(setupNative()).resolves.toMatchObject({ status: 'ready', tensorflowVersion: '2.19.0' });
  });

  const script = `${LOAD_SCRIPT} console.log(tf.getBackend(), tf.matMul(tf.ones([2, 3]), tf.ones([3, 1])).arraySync().join());`;

  const load = async (options: string[], env: NodeJS.ProcessEnv): Promise<string> => {
    const result = await runCommand([process.execPath, ...options, '-e', script, ...parameters], {
      env: childEnvironment(env),
    });
    return result?.stdout.trim().split('\n').at(-1) ?? '';
  };

  it.each([[[]], [['--preserve-symlinks']]])(
    'is loaded by what this program carries of tfjs-node, node run with %j',
    async (options) => {
      expect(await load(options, process.env)).toBe('tensorflow 3,3');
    },
  );

  it('is loaded in preference to another TensorFlow in LD_LIBRARY_PATH', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'other-tensorflow-'));
    try {
      for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
        writeFileSync(join(folder, name), 'not even a library');
      }
      expect(await load([], { ...process.env, LD_LIBRARY_PATH: folder })).toBe('tensorflow 3,3');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
