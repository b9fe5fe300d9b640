/**
 * Kills and freezes workers at random moments of runs on three machines (processes of this one), by turns:
 * `tsx scripts/stress-workers.ts [--faults 20]`. Prints one line a fault and a closing one; exit code 1 when a run did not
 * end well, took more than 30 seconds to go on, or ended with other weights than one process with as many threads. So
 * far for Linux; needs a finished set-up.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { loadCheckpoint } from '../src/checkpoint/checkpoint.js';
import { fromSources } from './stress/from-sources.js';
import { signalAll, startWorkerProcess } from './stress/worker-process.js';

const MODEL = ['--hidden-size', '256', '--batch-size', '6', '--seq-length', '16', '--steps', '400'];
const OPTIONS = ['train', ...MODEL, '--sample-every', '0', '--report-every', '5', '--overwrite'];
const FAULTS = ['SIGKILL', 'SIGSTOP'] as const;

/** From the first step to the fault, at most: about as long as a run takes. */
const LIFE_MS = 4000;
const SECONDS_TO_GO_ON = 30;

const { values } = parseArgs({ options: { faults: { type: 'string', default: '20' } } });
const faults = Number(values.faults);
if (!Number.isSafeInteger(faults) || faults < 1)
  throw new Error(`--faults must be a whole number, got '${values.faults}'`);

const folder = mkdtempSync(join(tmpdir(), 'stress-workers-'));
const checkpoint = join(folder, 'run.safetensors');
try {
  const judge = train('--backend', 'tensorflow', '--threads', '3');
  await once(judge.stdout, 'end');
  const expected = await loadCheckpoint(checkpoint);
  let [longest, late, wrong] = [0, 0, 0];
  for (let i = 0; i < faults; i++) {
    const { seconds, isLate, line } = await oneFault(FAULTS[i % FAULTS.length]);
    const isSame = isDeepStrictEqual((await loadCheckpoint(checkpoint)).tensors, expected.tensors);
    longest = Math.max(longest, seconds);
    late += isLate ? 1 : 0;
    wrong += isSame && seconds <= SECONDS_TO_GO_ON ? 0 : 1;
    console.log(`${i + 1}: ${line}; ${isSame ? 'the same weights' : 'OTHER WEIGHTS'} at the end`);
  }
  console.log(
    `${faults} faults, ${late} after the end of the run: ${wrong} ended otherwise than one process does, ` +
      `the longest pause was ${longest.toFixed(1)} s`,
  );
  if (wrong > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function train(...flags: string[]) {
  const args = fromSources([...OPTIONS, '--checkpoint', checkpoint, ...flags]);
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** A run, one of whose workers fails in between. @returns also the longest time between two reports after the fault. */
async function oneFault(signal: (typeof FAULTS)[number]) {
  const workers = await Promise.all([0, 1].map(() => startWorkerProcess(['--threads', '1'])));
  const addresses = workers.map(({ address }) => address).join(',');
  const run = train('--threads', '1', '--workers', addresses);
  const failing = workers[Math.floor(Math.random() * workers.length)];
  try {
    return await watch(run, failing.child, signal);
  } finally {
    for (const { child } of workers) end(child);
  }
}

async function watch(run: ReturnType<typeof train>, failing: ChildProcess, signal: (typeof FAULTS)[number]) {
  let [failedAt, last, seconds, isLost] = [0, 0, 0, false];
  let step = '';
  const ended = once(run, 'close');
  for await (const line of createInterface({ input: run.stdout })) {
    const now = performance.now();
    if (failedAt > 0) seconds = Math.max(seconds, (now - last) / 1000);
    last = now;
    isLost ||= line.includes('is lost');
    if (!line.startsWith('step ')) continue;
    if (step === '') {
      void sleep(LIFE_MS * Math.random()).then(() => {
        if (run.exitCode === null) signalAll(failing, signal);
        failedAt = performance.now();
      });
    }
    if (failedAt === 0) step = line.split('  ')[0];
  }
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`a run ended with ${code} after ${signal}`);
  const what = isLost ? `${signal} after ${step}, went on after ${seconds.toFixed(1)} s` : `${signal} came too late`;
  return { seconds: isLost ? seconds : 0, isLate: !isLost, line: what };
}

/** Whatever has become of it. */
function end(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  signalAll(child, 'SIGKILL');
}
