import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import type { End } from '../../src/trainer/events.js';
import { scratchFolder } from '../scratch-folder.js';
import {
  atFirstReport,
  eventsIn,
  linesIn,
  type Running,
  sharedFolder,
  SMALL,
  startIn,
  succeed,
  until,
} from './processes.js';

const { path, text } = sharedFolder();
const onPure = ['--backend', 'pure', '--sample-every', '0', '--json'];
const train = ['train', text, ...SMALL, ...onPure, '--report-every', '20'];

/** As a user's shell starts it: with a terminal, and not by nohup, even if these tests are. */
const onTerminal = { terminal: true, env: { _: '' } };

const stepOf = async (checkpoint: string): Promise<number> => (await loadCheckpoint(checkpoint)).run.step;
const endOf = (stdout: string): End => eventsIn(stdout).at(-1) as End;
const notesIn = (stdout: string) => linesIn(stdout).flatMap(({ type, text }) => (type === 'note' ? [text] : []));

const STOPPING = 'Stopping after this step, then saving (a third Ctrl-C ends at once, without saving)';
const STILL = 'Still waiting for the step or the disk; Ctrl-C again ends at once, without saving';
const GOES_ON = 'The terminal was closed (SIGHUP): training continues';

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends a run in order, with the work saved and the lock given back', async (signal, code) => {
    const folder = scratchFolder();
    const saved = join(folder, 'run.safetensors');
    const { child, printed, finished } = startIn(onTerminal, ...train, '--checkpoint', saved);
    await printed('"report"');
    child.kill(signal);
    const { code: ended, stdout, stderr } = await finished;
    expect({ ended, stderr }).toEqual({ ended: code, stderr: '' });
    expect(endOf(stdout)).toMatchObject({ type: 'end', reason: 'stopped', step: await stepOf(saved) });
    expect(notesIn(stdout)).toContain(STOPPING);
    expect(readdirSync(folder)).toEqual(['run.safetensors']);
  });

  it.each(['SIGINT', 'SIGHUP'])('%s that comes many times while a step is computed costs nothing', async (signal) => {
    const saved = path(`many-${signal}.safetensors`);
    // While its own code runs the event loop gets no signal, as while a step is computed.
    const preload = atFirstReport(`for (let i = 0; i < 5; i++) process.kill(process.pid, '${signal}');`);
    const { code, stdout } = await startIn({ ...onTerminal, preload }, ...train, '--checkpoint', saved).finished;
    expect(code).toBe(signal === 'SIGINT' ? 130 : 129);
    expect(endOf(stdout)).toMatchObject({ reason: 'stopped', step: await stepOf(saved) });
    expect(await stepOf(saved)).toBeGreaterThanOrEqual(20);
    expect(notesIn(stdout).filter((note) => note === STOPPING)).toHaveLength(1);
  });

  it('that comes twice waits on, and a third time ends at once, also when the disk hangs, with the file as it was', async () => {
    const folder = scratchFolder();
    const saved = join(folder, 'run.safetensors');
    await succeed(...train, '--steps', '5', '--checkpoint', saved);
    const before = readFileSync(saved);
    const preload = `import fs from 'node:fs/promises'; import { syncBuiltinESMExports } from 'node:module';
      fs.rename = () => new Promise((resolve) => setTimeout(resolve, 1e8)); syncBuiltinESMExports();`;
    const resumed = ['train', text, ...onPure, '--resume', saved];
    const running = startIn({ preload }, ...resumed, '--steps', '1e9');
    await running.printed('"report"');
    running.child.kill('SIGINT');
    await until(() => readdirSync(folder).some((name) => name.endsWith('.tmp')), running);
    running.child.kill('SIGINT');
    await running.printed(STILL);
    running.child.kill('SIGINT');
    expect((await running.finished).code).toBe(130);
    expect(readFileSync(saved).equals(before)).toBe(true);
    // The lock is given back all the same; what it was writing is removed by the next run.
    await succeed(...resumed, '--steps', '10');
    expect(readdirSync(folder)).toEqual(['run.safetensors']);
  });

  it('that comes twice ends a run at once that has nothing to save to', async () => {
    const hang = 'promises.open = () => new Promise((resolve) => setTimeout(resolve, 1e8)); syncBuiltinESMExports();';
    const preload = `import promises from 'node:fs/promises'; import { syncBuiltinESMExports } from 'node:module';
      ${atFirstReport(hang)}`;
    const running = startIn({ preload }, ...train, '--metrics', path('hanging.jsonl'));
    await running.printed('"report"');
    running.child.kill('SIGINT');
    await running.printed('Stopping after this step (a second Ctrl-C ends at once)');
    running.child.kill('SIGINT');
    const { code, stdout } = await running.finished;
    expect([code, endOf(stdout).type]).toEqual([130, 'report']);
  });
});

const hasScript = process.platform === 'linux' && existsSync('/usr/bin/script');
it.skipIf(!hasScript)(
  `a terminal that is closed ends a run in order, without a word of Node's${hasScript ? '' : " (skipped: there is no program 'script'; on Linux, install util-linux)"}`,
  async () => {
    const folder = scratchFolder();
    const [saved, said] = [join(folder, 'run.safetensors'), join(folder, 'said.txt')];
    const by = ['bash', '-c', `exec script --quiet --command "$(printf '%q ' "$@") 2> ${said}" /dev/null`, 'bash'];
    const running = startIn({ by }, ...train, '--checkpoint', saved);
    await running.printed('"report"');
    // The terminal that it has made goes with it.
    running.child.kill('SIGKILL');
    await running.finished;
    const deadline = performance.now() + 60_000;
    while (readdirSync(folder).length > 2 || !existsSync(saved)) {
      expect(performance.now()).toBeLessThan(deadline);
      await sleep(20);
    }
    await sleep(500);
    expect(readFileSync(said, 'utf8')).toBe('');
    expect(await stepOf(saved)).toBeGreaterThanOrEqual(20);
  },
);

describe.skipIf(process.platform === 'win32')('a closed terminal (SIGHUP) that is to be ignored', () => {
  it('under nohup makes a run save at once and go on', async () => {
    const saved = path('nohup.safetensors');
    const running = startIn({ ...onTerminal, by: ['nohup'] }, ...train, '--checkpoint', saved);
    await running.printed('"report"');
    running.child.kill('SIGHUP');
    await until(() => existsSync(saved), running);
    const step = await stepOf(saved);
    await running.printed(`${GOES_ON}, saved after this step`);
    await goesOn(running);
    running.child.kill('SIGTERM');
    const { code, stdout } = await running.finished;
    expect(code).toBe(143);
    expect(await stepOf(saved)).toBe(endOf(stdout).step);
    expect(endOf(stdout).step).toBeGreaterThan(step);
  });

  it('under nohup leaves a run alone that has nothing to save to', async () => {
    const running = startIn({ ...onTerminal, by: ['nohup'] }, ...train);
    await running.printed('"report"');
    running.child.kill('SIGHUP');
    await running.printed(`${GOES_ON}"`);
    await goesOn(running);
    running.child.kill('SIGINT');
    expect(await running.finished).toMatchObject({ code: 130 });
  });

  it('under nohup leaves every other command alone too', async () => {
    const saved = path('sampled.safetensors');
    await succeed(...train, '--steps', '5', '--checkpoint', saved);
    const running = startIn({ ...onTerminal, by: ['nohup'] }, 'sample', saved, '--length', '0');
    let bytes = 0;
    running.child.stdout.on('data', (chunk: Buffer) => (bytes += chunk.length));
    await until(() => bytes > 0, running);
    running.child.kill('SIGHUP');
    await sleep(200);
    const before = bytes;
    await until(() => bytes > before, running);
    running.child.kill('SIGTERM');
    await running.finished;
    expect(running.child.signalCode).toBe('SIGTERM');
  });

  it.runIf(process.platform === 'linux')('by the shell that started a run makes it save and go on', async () => {
    const saved = path('trap.safetensors');
    const by = ['bash', '-c', `trap '' HUP; "$@"; exit $?`, 'bash'];
    const running = startIn({ ...onTerminal, by }, ...train, '--checkpoint', saved);
    await running.printed('"report"');
    const { pid } = running.child;
    const run = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
    process.kill(run, 'SIGHUP');
    await until(() => existsSync(saved), running);
    await goesOn(running);
    process.kill(run, 'SIGTERM');
    const { code, stdout } = await running.finished;
    expect([code, endOf(stdout).step]).toEqual([143, await stepOf(saved)]);
  });
});

/** Waits until a run has reported a few times more. */
async function goesOn(running: Running): Promise<void> {
  const reports = running.count('"report"');
  await until(() => running.count('"report"') > reports + 3, running);
}
