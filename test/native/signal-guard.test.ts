import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileUnguarded } from '../../scripts/stress/unguarded.js';
import { BINDING_NAME } from '../../src/native/binding.js';
import { tfjsNodeModule } from '../../src/native/carried.js';
import { runCommand } from '../../src/system/run-command.js';
import { nativeStatus } from '../../src/native/status.js';
import { childEnvironment, LOAD_SCRIPT } from '../../src/native/verify.js';
import { withoutTensorflow } from '../cli/processes.js';
import { faultySize, stress, type StressMode, type StressOutcome } from './matmul-stress.js';

const status = nativeStatus();
const installation = status.kind === 'ready' ? status.folder : undefined;
const hasProc = process.platform === 'linux';

describe.skipIf(installation === undefined)(`with the native library${withoutTensorflow.title}`, () => {
  const guarded = join(installation ?? '', BINDING_NAME);
  let folder: string;
  let unguarded: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signal-guard-'));
    unguarded = await compileUnguarded(installation ?? '', folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (binding: string, mode: StressMode, seconds: number): Promise<StressOutcome> =>
    stress({ mode, binding, seconds, folder });

  it.skipIf(!hasProc)(
    `the threads of TensorFlow inherit the guard${hasProc ? '' : ' (skipped: there is no /proc; on Linux)'}`,
    async () => {
      expect(await blockingThreads(guarded)).toBeGreaterThan(0);
      expect(await blockingThreads(unguarded)).toBe(0);
    },
  );

  describe.skipIf(faultySize() === undefined)(
    `under signals${faultySize() === undefined ? ' (skipped: a processor without AVX has no fault; on one with it)' : ''}`,
    () => {
      it.each(['profiler', 'handler'] as const)('the guarded binding survives: %s', async (mode) => {
        const outcome = await run(guarded, mode, 4);
        expect(outcome.endedBy).toBeNull();
        if (mode === 'handler') expect(outcome.signalsSent).toBeGreaterThan(50);
      });

      it('the binding as it comes does not: this is what the guard is for', async () => {
        let outcome = await run(unguarded, 'profiler', 5);
        for (let retry = 0; retry < 8 && outcome.endedBy === null; retry++)
          outcome = await run(unguarded, 'profiler', 5);
        expect(outcome.endedBy).toMatch(/^SIG(SEGV|ABRT|BUS|ILL)$/);
      });
    },
  );

  /** Threads that came with TensorFlow and block SIGUSR2. */
  async function blockingThreads(binding: string): Promise<number> {
    const script = `const before = count();\n${LOAD_SCRIPT}\n
      console.log('threads', count() - before);
      // A thread blocks all signals for a moment while it starts: only those that keep blocking are counted.
      function count() {
        const looks = [];
        for (let i = 0; i < 10; i++) {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
          looks.push(look());
        }
        return Math.min(...looks);
      }
      function look() {
        return require('node:fs').readdirSync('/proc/self/task').filter((id) => BigInt('0x' + maskOf(id)) & (1n << 11n)).length;
      }
      function maskOf(id) {
        try {
          return /SigBlk:\\s*(\\w+)/.exec(require('node:fs').readFileSync('/proc/self/task/' + id + '/status', 'utf8'))[1];
        } catch {
          // The thread has ended since.
          return '0';
        }
      }`;
    const parameters = ['-e', script, binding, tfjsNodeModule()];
    const result = await runCommand([process.execPath, ...parameters], { env: childEnvironment(process.env) });
    return Number(/threads (-?\d+)/.exec(result?.stdout ?? '')?.[1]);
  }
});
