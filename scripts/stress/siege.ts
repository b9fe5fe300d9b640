import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { FAULTY_KERNELS, MODEL, type Mode } from './modes.js';
import type { Orders } from './orders.js';
import { type Ended, launch, until } from './victim.js';
import type { Storm } from './storms.js';

/** One storm over one mode for a while. */
export interface SiegeRequest {
  storm: Storm;
  mode: Mode;
  seconds: number;
  env: NodeJS.ProcessEnv;
  /** A binding other than the one set up. */
  binding?: Orders['binding'];
  /** Ends at the first abort. */
  untilAbort?: boolean;
  /** A checkpoint of `MODEL` for the commands that need one. */
  checkpoint: string;
  /** An existing folder for files of its own. */
  folder: string;
}

/** The result. */
export interface SiegeOutcome {
  seconds: number;
  processes: number;
  /** Signals sent, and those that a handler of the program counted (several that come at once count as one). */
  sent: number;
  received: number;
  /** The time in which they were sent; the rest is processes starting and ending. */
  sendingSeconds: number;
  /** What the processes did in that time: training, sampling and evaluating. */
  steps: number;
  characters: number;
  /** Signals by which processes died of a fault. */
  aborts: string[];
  /** Other unexpected ends, in words. */
  failures: string[];
}

const FAULTS = new Set<string | number>(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP', 134, 139]);

/** Runs process after process of the program under a storm. */
export async function siege(request: SiegeRequest): Promise<SiegeOutcome> {
  const { seconds, untilAbort = false } = request;
  const folder = mkdtempSync(join(request.folder, 'siege-'));
  const total: SiegeOutcome = {
    seconds: 0,
    processes: 0,
    sent: 0,
    received: 0,
    sendingSeconds: 0,
    steps: 0,
    characters: 0,
    aborts: [],
    failures: [],
  };
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  while (elapsed() < seconds && !(untilAbort && total.aborts.length > 0)) {
    await oneProcess({ ...request, folder }, () => seconds - elapsed(), total);
  }
  return { ...total, seconds: elapsed() };
}

async function oneProcess(request: SiegeRequest, left: () => number, total: SiegeOutcome): Promise<void> {
  const { storm, mode, env, binding, folder } = request;
  const saved = join(folder, 'run.safetensors');
  const metrics = join(folder, `metrics-${total.processes}.jsonl`);
  const args = mode.command?.(request.checkpoint) ?? trainArguments(mode, saved, metrics);
  const victim = await launch({
    args,
    nodeFlags: storm.nodeFlags(folder),
    env: { ...process.env, ...FAULTY_KERNELS, ...env },
    orders: { ...storm.orders, binding },
    terminal: storm.terminal ?? false,
    folder,
  });
  let over = false;
  const begun = performance.now();
  const finished = victim.finished.finally(() => (over = true));
  const stop = await storm.send?.(victim);
  if (mode.train) await until(() => over || hasReport(metrics), 'the first report');
  // However long the program took to start, it is under the storm for a moment.
  const end = performance.now() + Math.min(storm.life(), Math.max(1, left())) * 1000;
  // Commands other than train run to their end, unless the signals of the storm end them.
  const toBeEnded = mode.train !== undefined || storm.ending === 'SIGINT';
  while (!over && (!toBeEnded || performance.now() < end)) await sleep(20);
  if (!over) victim.kill(storm.ending);
  const ended = await finished;
  const sent = await stop?.();
  const received = storm.count?.(folder, ended.received) ?? ended.received;
  total.processes += 1;
  total.received += received;
  total.sent += sent?.count ?? received;
  total.sendingSeconds += sent?.seconds ?? (performance.now() - begun) / 1000;
  judge(request, ended, total);
  if (mode.train) total.steps = await stepsIn(saved);
  else if (ended.how === 0) total.characters += mode.characters ?? 0;
}

function trainArguments(mode: Mode, saved: string, metrics: string): string[] {
  const from = existsSync(saved) ? ['--resume', saved] : [...MODEL, '--checkpoint', saved];
  const kept = ['--checkpoint-every', '200', '--metrics', metrics, '--report-every', '10'];
  return ['train', '--backend', 'tensorflow', ...from, ...kept, ...(mode.train ?? [])];
}

function hasReport(metrics: string): boolean {
  return existsSync(metrics) && readFileSync(metrics, 'utf8').includes('"report"');
}

function judge({ storm, mode }: SiegeRequest, { how, said }: Ended, total: SiegeOutcome): void {
  const asWished: Ended['how'][] = mode.train ? [storm.ending === 'SIGINT' ? 130 : 143] : [0, storm.ending];
  if (asWished.includes(how)) return;
  if (FAULTS.has(how)) total.aborts.push(String(how));
  else total.failures.push(`${mode.name} ended with ${how}: ${said.replaceAll(/\s+/g, ' ')}`);
}

/** The checkpoint must load whatever happened. */
async function stepsIn(saved: string): Promise<number> {
  return existsSync(saved) ? (await loadCheckpoint(saved)).run.step : 0;
}
