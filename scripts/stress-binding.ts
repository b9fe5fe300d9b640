/**
 * Shows that signals crash TensorFlow's matrix product through an ordinary binding, and not through ours.
 * Needs a finished set-up. Usage: tsx scripts/stress-binding.ts [--seconds 10]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BINDING_NAME } from '../src/native/binding.js';
import { setupNative } from '../src/native/setup.js';
import { faultySize, stress, type StressMode, type StressOutcome } from '../test/native/matmul-stress.js';
import { compileUnguarded } from './stress/unguarded.js';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' } } });
const seconds = Number(values.seconds);
if (!(seconds > 0)) throw new Error(`--seconds must be a positive number, got ${values.seconds}`);

const { folder: installation } = await setupNative();
const temporary = mkdtempSync(join(tmpdir(), 'stress-signals-'));
try {
  const unguarded = await compileUnguarded(installation, temporary);
  const bindings = { guarded: join(installation, BINDING_NAME), unguarded };
  if (faultySize() === undefined) console.log('This machine lacks AVX: its kernels are sound, nothing will abort.');
  console.log('binding    signals from  seconds  outcome');
  for (const mode of ['profiler', 'handler'] as const) {
    for (const kind of ['guarded', 'unguarded'] as const) {
      const outcome = await stress({ mode, binding: bindings[kind], seconds, folder: temporary });
      console.log(row(kind, mode, outcome));
      if (kind === 'guarded' && outcome.endedBy !== null) process.exitCode = 1;
    }
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

function row(kind: string, mode: StressMode, { endedBy, seconds: ran, signalsSent }: StressOutcome): string {
  const from = mode === 'profiler' ? '--cpu-prof' : 'SIGUSR2';
  const sent = mode === 'handler' ? `, ${signalsSent} signals` : '';
  const outcome = endedBy === null ? 'ran through' : `aborted with ${endedBy}`;
  return `${kind.padEnd(9)}  ${from.padEnd(12)}  ${ran.toFixed(1).padStart(7)}  ${outcome}${sent}`;
}
