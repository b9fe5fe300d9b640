import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { withoutTensorflow } from '../cli/processes.js';
import { compiled } from '../compiled.js';

const CHILD = fileURLToPath(compiled(new URL('worker-child.ts', import.meta.url)));
/** TensorFlow's settings, which worker threads take from the process. */
const SETTINGS = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', TF_ENABLE_ONEDNN_OPTS: '1', TF_CPP_MIN_LOG_LEVEL: '2' }; // prettier-ignore

/** What the main thread and two workers come to. */
async function answersOf(...args: string[]): Promise<object[]> {
  const env = { ...process.env, ...SETTINGS };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [CHILD, ...args], { env, maxBuffer: 2 ** 26 });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as object[];
}

describe.concurrent('training in two worker threads and the main thread at once', () => {
  for (const backend of ['pure', 'wasm', 'tensorflow']) {
    const { skip, title } = backend === 'tensorflow' ? withoutTensorflow : { skip: false, title: '' };
    it.skipIf(skip)(`gives the same in each on ${backend}${title}`, async () => {
      const [main, ...workers] = await answersOf(backend);
      expect(main).toMatchObject({ run: { step: 60 } });
      expect(workers).toEqual([main, main]);
    });
  }

  it.skipIf(withoutTensorflow.skip)(
    `says that a worker cannot choose the threads of TensorFlow, which are the process's${withoutTensorflow.title}`,
    async () => {
      const [main, ...workers] = await answersOf('tensorflow', '2');
      expect(main).not.toHaveProperty('error');
      for (const worker of workers) {
        expect(worker).toEqual({ error: expect.stringMatching(/a worker thread must take the threads.*; leave threads out/) as string }); // prettier-ignore
      }
    },
  );
});
