import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { tfjsNodeModule } from '../../src/native/carried.js';
import { childEnvironment, LOAD_SCRIPT } from '../../src/native/verify.js';

/** How signals reach the process: from the CPU profiler's own timer, or from another process to a JavaScript handler. */
export type StressMode = 'profiler' | 'handler';

/** One run of the matrix products under signals. */
export interface StressRequest {
  readonly mode: StressMode;
  readonly binding: string;
  readonly seconds: number;
  /** An existing folder, for the profile. */
  readonly folder: string;
}

/** `endedBy` is null where the loop ran through. */
export interface StressOutcome {
  readonly endedBy: NodeJS.Signals | number | null;
  /** Seconds from the first product to the end. */
  readonly seconds: number;
  readonly signalsSent: number;
}

/**
 * [64, K] x [K, 100], K above what oneDNN's kernels keep on the stack: 84 with AVX-512, more without it.
 * The work is cut into slices so that JavaScript handlers get their turn.
 */
const STRESS_SCRIPT = `${LOAD_SCRIPT}
const [mode, seconds, inner] = [parameters[0], Number(parameters[1]), Number(parameters[2])];
if (mode === 'handler') process.on('SIGUSR2', () => {});
const upload = (rows, columns) => tf.tensor2d(Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i)), [rows, columns]);
const until = Date.now() + seconds * 1000;
console.log('started');
(function slice() {
  const sliceEnd = Date.now() + 50;
  while (Date.now() < sliceEnd)
    tf.tidy(() => {
      const a = upload(64, inner), b = upload(inner, 100);
      for (let i = 0; i < 20; i++) tf.matMul(a, b).dataSync();
    });
  if (Date.now() < until) setImmediate(slice);
  else process.exit(0);
})();
`;

/** The inner size at which this machine's kernels are open to the fault; undefined where it lacks AVX, which they need. */
export function faultySize(): number | undefined {
  const flags = / avx512f /.test(cpuFlags()) ? 100 : 256;
  return / avx /.test(cpuFlags()) ? flags : undefined;
}

function cpuFlags(): string {
  try {
    return `${/^flags\s*:.*$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[0] ?? ''} `;
  } catch {
    return '';
  }
}

/** Multiplies matrices in a process of its own, for so many seconds or until a signal ends it. */
export async function stress({ mode, binding, seconds, folder }: StressRequest): Promise<StressOutcome> {
  const profiler = ['--cpu-prof', '--cpu-prof-interval', '100', '--cpu-prof-dir', folder];
  const script = ['-e', STRESS_SCRIPT, binding, tfjsNodeModule(), mode, String(seconds), String(faultySize() ?? 256)];
  const child = spawn(process.execPath, [...(mode === 'profiler' ? profiler : []), ...script], {
    // With oneDNN's custom operations on, AVX-512 machines take other, sound kernels for this product.
    env: { ...childEnvironment(process.env), TF_ENABLE_ONEDNN_OPTS: '0' },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  await Promise.race([once(child.stdout, 'data'), ended]);
  const start = performance.now();
  let signalsSent = 0;
  const sender = setInterval(() => {
    if (mode === 'handler' && child.kill('SIGUSR2')) signalsSent++;
  }, 1);
  const [code, signal] = await ended;
  clearInterval(sender);
  return { endedBy: signal ?? (code === 0 ? null : code), seconds: (performance.now() - start) / 1000, signalsSent };
}
