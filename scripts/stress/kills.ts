import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { fromSources } from './from-sources.js';

/** Steps between saves. */
export const EVERY = 2;

/** A model so large that saving takes about as long as training: many kills hit the middle of a save. */
const MODEL = ['--hidden-size', '512', '--seq-length', '4', '--sample-every', '0', '--report-every', '1'];

/** Time from the first step to the kill, at most. */
const LIFE_MS = 400;

/** Looks like a leftover of an older version and is none: must survive. */
const FOREIGN = 'run.safetensors.cafebabe.tmp';
const FOREIGN_TEXT = 'not ours';

/** The result of the kills. */
export interface KillOutcome {
  kills: number;
  /** Kills that came while a new checkpoint was being written: its temporary file lay there. */
  duringSave: number;
  /** Temporary files that the next run removed, and those that it did not. */
  swept: number;
  unswept: number;
  /** Most steps between what was reported and what the checkpoint holds. */
  mostLost: number;
  /** Last step of all. */
  step: number;
}

/**
 * Trains, kills with SIGKILL at a random moment, resumes, and so on.
 * @param folder an existing, empty one; @param report is called after each kill.
 * @throws UserError where a checkpoint does not load after a kill.
 */
export async function killOften(
  kills: number,
  folder: string,
  report: (line: string) => void = () => undefined,
): Promise<KillOutcome> {
  const outcome: KillOutcome = { kills: 0, duringSave: 0, swept: 0, unswept: 0, mostLost: 0, step: 0 };
  const saved = join(folder, 'run.safetensors');
  writeFileSync(join(folder, FOREIGN), FOREIGN_TEXT);
  let before: string[] = [];
  for (; outcome.kills < kills; outcome.kills++) {
    const metrics = join(folder, `metrics-${outcome.kills}.jsonl`);
    const child = train(existsSync(saved) ? ['--resume', saved] : [], saved, metrics);
    await until(() => stepsIn(metrics) > EVERY, child);
    // While it runs it may have a file of its own, of another name.
    const still = leftovers(folder).filter((name) => before.includes(name));
    outcome.unswept += still.length;
    outcome.swept += before.length - still.length;
    await sleep(LIFE_MS * Math.random());
    child.kill('SIGKILL');
    await once(child, 'close');
    before = leftovers(folder);
    outcome.duringSave += before.length > 0 ? 1 : 0;
    const { step } = (await loadCheckpoint(saved)).run;
    outcome.mostLost = Math.max(outcome.mostLost, lastStep(metrics) - step);
    outcome.step = step;
    report(
      `kill ${outcome.kills + 1}: step ${lastStep(metrics)} reported, step ${step} saved, ${before.length} leftover`,
    );
  }
  if (readFileSync(join(folder, FOREIGN), 'utf8') !== FOREIGN_TEXT) throw new Error(`${FOREIGN} was changed`);
  return outcome;
}

function train(from: readonly string[], saved: string, metrics: string): ChildProcess {
  const model = from.length > 0 ? from : MODEL;
  const kept = ['--checkpoint', saved, '--checkpoint-every', String(EVERY), '--metrics', metrics];
  const args = ['train', '--backend', 'pure', '--quiet', ...model, ...kept];
  return spawn(process.execPath, fromSources(args), { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Temporary files, without those of locks. */
function leftovers(folder: string): string[] {
  return readdirSync(folder).filter((name) => /^run\.safetensors\.\d+-[^.]*\.tmp$/.test(name));
}

async function until(condition: () => boolean, child: ChildProcess): Promise<void> {
  while (!condition()) {
    if (child.exitCode !== null) throw new Error(`train ended with ${child.exitCode} before it was killed`);
    await sleep(5);
  }
}

/** Steps reported in a file; the last line may be half written. */
function reports(metrics: string): number[] {
  if (!existsSync(metrics)) return [];
  const lines = readFileSync(metrics, 'utf8').split('\n').slice(1, -1);
  return lines.map((line) => (JSON.parse(line) as { step: number }).step);
}

const stepsIn = (metrics: string): number => reports(metrics).length;
const lastStep = (metrics: string): number => reports(metrics).at(-1) ?? 0;
