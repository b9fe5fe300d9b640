import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { scratchFolder } from '../scratch-folder.js';
import { makeReadOnly, smallDisk } from '../system/small-disk.js';
import type { End } from '../../src/trainer/events.js';
import { differingTensors } from '../trainer/runs.js';
import {
  atFirstReport,
  endWithTest,
  eventsIn,
  linesIn,
  run,
  type Running,
  sharedFolder,
  SMALL,
  programWith,
  start,
  startIn,
  succeed,
  until,
} from './processes.js';

const { path, text } = sharedFolder();
const train = ['train', text, ...SMALL, '--backend', 'pure', '--sample-every', '0', '--report-every', '20'];

/** Saves and reports often, but not so often that what a disk takes depends on how fast this machine is. */
const kept = [...train.slice(0, -1), '200', '--json', '--checkpoint-every', '200', '--checkpoint'];
const SAVE_FAILS = 'training continues, the next save tries again';

const stepOf = async (checkpoint: string): Promise<number> => (await loadCheckpoint(checkpoint)).run.step;

describe('a disk that is full', () => {
  it('is warned of once; training continues, and saves and records again when there is room', async (context) => {
    // What is reported meanwhile must have room there later, however long this test is kept waiting.
    const disk = smallDisk(context, 16_384);
    const [saved, metrics] = [join(disk, 'run.safetensors'), join(disk, 'metrics.jsonl')];
    const running = start(...kept, saved, '--metrics', metrics);
    await until(() => existsSync(saved), running);
    await fillUntil(disk, running, SAVE_FAILS);
    await fillUntil(disk, running, 'training continues, what is missing is added later');
    const then = await stepOf(saved);
    const reports = running.count('"report"');
    await until(() => running.count('"report"') > reports + 5, running);
    expect(await stepOf(saved)).toBe(then);
    rmSync(join(disk, 'filling'));
    await running.printed(`Saved to ${saved} again`);
    running.child.kill('SIGTERM');
    const { code, stdout, stderr } = await running.finished;
    expect({ code, stderr }).toEqual({ code: 143, stderr: '' });
    expect(stdout.match(/warning: Cannot save/g)).toHaveLength(1);
    expect(stdout.match(/warning: the metrics file/g)).toHaveLength(1);
    const reported = eventsIn(stdout).filter(({ type }) => type === 'report');
    expect(linesIn(readFileSync(metrics, 'utf8')).slice(1)).toEqual(reported);
    expect(await stepOf(saved)).toBe((eventsIn(stdout).at(-1) as End).step);
  });

  it('to the end costs nothing: the state goes to the current folder, and one line says where', async (context) => {
    const [disk, cwd] = [smallDisk(context), scratchFolder()];
    const saved = join(disk, 'run.safetensors');
    const running = startIn({ cwd }, ...kept, saved);
    await until(() => existsSync(saved), running);
    await fillUntil(disk, running, SAVE_FAILS);
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.finished;
    const rescued = join(cwd, 'run.rescued.safetensors');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^min-char-rnn: Cannot save .*: the disk is full.*\n$/);
    expect(stderr).toContain(`is in '${rescued}'`);
    const { step } = eventsIn(stdout).at(-1) as End;
    expect(await stepOf(rescued)).toBe(step);
    expect(await stepOf(saved)).toBeLessThan(step);
    await succeed('train', text, '--backend', 'pure', '--resume', rescued, '--steps', String(step + 5));
  });

  it('for the metrics alone leaves a saved run, and one line and exit code 1 say what is missing', async (context) => {
    const metrics = join(smallDisk(context), 'metrics.jsonl');
    const saved = path('without-metrics.safetensors');
    const running = start(...train, '--checkpoint', saved, '--metrics', metrics, '--json');
    await running.printed('"report"');
    await fillUntil(dirname(metrics), running, 'training continues, what is missing is added later');
    running.child.kill('SIGTERM');
    const { code, stdout, stderr } = await running.finished;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(metrics) as string });
    expect(await stepOf(saved)).toBe((eventsIn(stdout).at(-1) as End).step);
  });

  it('for the output alone does not end a run', async (context) => {
    if (!existsSync('/dev/full')) context.skip('there is no /dev/full; on Linux');
    const saved = path('unseen.safetensors');
    const { code, stderr } = await shell(`${command(...train, '--steps', '200', '--checkpoint', saved)} > /dev/full`);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^min-char-rnn: warning: the output cannot be written: ENOSPC.*\n$/);
    expect(await stepOf(saved)).toBe(200);
    const sampled = await shell(`${command('sample', saved)} > /dev/full`);
    expect(sampled).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^min-char-rnn: the output must be .*\n$/) as string,
    });
  });
});

describe('a folder of checkpoints', () => {
  it('that is read-only is refused before training', async (context) => {
    const disk = smallDisk(context);
    await makeReadOnly(disk);
    const { code, stdout, stderr } = await run([...train, '--checkpoint', join(disk, 'run.safetensors')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^min-char-rnn: Cannot save .*: the file system is read-only.*\n$/);
  });

  it.for(['read-only', 'removed', 'replaced by a file'])(
    'that becomes %s while training costs nothing',
    async (what, context) => {
      const cwd = scratchFolder();
      const folder = what === 'read-only' ? smallDisk(context) : join(scratchFolder(), 'runs');
      mkdirSync(folder, { recursive: true });
      const saved = join(folder, 'run.safetensors');
      const running = startIn({ cwd }, ...train, '--checkpoint', saved, '--checkpoint-every', '20', '--json');
      await until(() => existsSync(saved), running);
      if (what === 'read-only') await makeReadOnly(folder);
      else renameSync(folder, `${folder}-gone`);
      if (what === 'replaced by a file') writeFileSync(folder, 'no folder any more');
      await running.printed(SAVE_FAILS);
      running.child.kill('SIGTERM');
      const { code, stdout, stderr } = await running.finished;
      const rescued = join(cwd, 'run.rescued.safetensors');
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`is in '${rescued}'`) as string });
      expect(await stepOf(rescued)).toBe((eventsIn(stdout).at(-1) as End).step);
    },
  );
});

describe('a text that changes while it is trained on', () => {
  const whole = path('unchanged.safetensors');
  const rest = [...SMALL, '--backend', 'pure', '--json', '--steps', '4000', '--checkpoint'];
  beforeAll(() => succeed('train', text, ...rest, whole));

  it.each([
    ['truncated', (file: string) => truncateSync(file, 100)],
    ['overwritten', (file: string) => writeFileSync(file, Buffer.alloc(statSync(file).size, 0xff))],
    ['removed', (file: string) => rmSync(file)],
  ])('makes no difference when it is %s', async (how, change) => {
    const [copy, changed] = [path(`${how}.txt`), path(`${how}.safetensors`)];
    writeFileSync(copy, readFileSync(text));
    const running = start('train', copy, ...rest, changed);
    await running.printed('"report"');
    change(copy);
    expect((await running.finished).code).toBe(0);
    expect(differingTensors(await loadCheckpoint(whole), await loadCheckpoint(changed))).toEqual([]);
  });
});

describe('a text too large for memory', () => {
  it('may be cut off, and its encoded form removed, while it is trained on', async () => {
    const [large, cache] = [path('large.txt'), path('cache')];
    const [whole, changed] = [path('large-not.safetensors'), path('large.safetensors')];
    writeFileSync(large, readFileSync(text).toString().repeat(6000));
    // One stream reads 2^20 symbols ahead: these windows go beyond, so that the file is read again.
    const windows = ['--hidden-size', '8', '--seq-length', '2000', '--steps', '600', '--report-every', '5'];
    const rest = ['--backend', 'pure', '--sample-every', '0', '--json', '--checkpoint'];
    const train = ['train', large, ...windows, ...rest];
    const env = { MIN_CHAR_RNN_CACHE: cache };
    const straight = await startIn({ env }, ...train, whole).finished;
    expect(straight).toMatchObject({ code: 0, stdout: expect.stringContaining('kept for the next time') as string });
    const harm = `fs.truncateSync(${JSON.stringify(large)}, 100); fs.rmSync(${JSON.stringify(cache)}, { recursive: true });`;
    const { code, stderr } = await startIn({ env, preload: atFirstReport(harm) }, ...train, changed).finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect([statSync(large).size, existsSync(cache)]).toEqual([100, false]);
    expect(differingTensors(await loadCheckpoint(whole), await loadCheckpoint(changed))).toEqual([]);
  });
});

describe('an output that is no longer read', () => {
  it('ends a run in order, saved, with the code of SIGPIPE', async () => {
    const saved = path('piped.safetensors');
    const { code, stdout, stderr } = await shell(
      `${command(...train, '--checkpoint', saved)} | head -1; exit \${PIPESTATUS[0]}`,
    );
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(2);
    expect(await stepOf(saved)).toBeGreaterThan(0);
  });
});

describe('two runs on one checkpoint', () => {
  it('are refused while the first lives, and not after it was killed', async () => {
    const saved = path('shared.safetensors');
    const kept = ['--checkpoint', saved, '--checkpoint-every', '20'];
    const first = start(...train, ...kept, '--json');
    await until(() => existsSync(saved), first);
    const text1 = ['train', text, '--backend', 'pure'];
    for (const args of [
      [...train, ...kept],
      [...text1, '--resume', saved],
    ]) {
      const { code, stdout, stderr } = await run(args);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(
        new RegExp(`^min-char-rnn: only one run .* process ${first.child.pid} does since .*kill.*\n$`),
      );
    }
    // Reading is free.
    await succeed('info', saved);
    first.child.kill('SIGKILL');
    await first.finished;
    expect(existsSync(`${saved}.lock`)).toBe(true);
    const limit = ['--steps', String((await stepOf(saved)) + 7), '--quiet'];
    await succeed(...text1, '--resume', saved, '--checkpoint', saved, ...limit);
    expect(existsSync(`${saved}.lock`)).toBe(false);
  });
});

describe('a clock that goes backwards', () => {
  it('changes nothing: limits, intervals and records go by another', async () => {
    const folder = path('backwards');
    const saved = join(folder, 'run.safetensors');
    mkdirSync(folder);
    const preload = `let now = 1.8e12; const back = () => (now -= 3_600_000);
      globalThis.Date = class extends Date { constructor(...given) { super(...(given.length ? given : [back()])); } static now = back; };`;
    const board = join(folder, 'board');
    const args = [
      ...train,
      '--minutes',
      '0.05',
      '--checkpoint',
      saved,
      '--checkpoint-every',
      '1s',
      '--tensorboard',
      board,
    ];
    const { finished } = startIn({ preload }, ...args, '--json');
    const { code, stdout, stderr } = await finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const times = eventsIn(stdout).map((event) => ('elapsedSeconds' in event ? event.elapsedSeconds : 0));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const { elapsedSeconds } = (await loadCheckpoint(saved)).run;
    expect(elapsedSeconds).toBeGreaterThanOrEqual(3);
    const [first] = readdirSync(board);
    const again = startIn(
      { preload },
      'train',
      text,
      '--backend',
      'pure',
      '--resume',
      saved,
      '--minutes',
      '0.06',
      '--tensorboard',
      board,
    );
    expect((await again.finished).code).toBe(0);
    expect(readdirSync(board).sort()[0]).toBe(first);
  });
});

/** The program with arguments as a shell takes it. */
function command(...args: string[]): string {
  return [process.execPath, ...programWith(args)].map((word) => `'${word}'`).join(' ');
}

async function shell(line: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = endWithTest(spawn('bash', ['-c', line], { stdio: ['ignore', 'pipe', 'pipe'] }));
  const [out, err]: string[][] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: out.join(''), stderr: err.join('') };
}

/**
 * Leaves not a byte of room, again and again until the process has said so: when the disk is filled while a save has its
 * new file there, the old one's room is free after.
 */
async function fillUntil(disk: string, running: Running, said: string): Promise<void> {
  await until(() => {
    fill(disk);
    return running.count(said) > 0;
  }, running);
}

function fill(disk: string): void {
  const block = Buffer.alloc(4096);
  try {
    for (;;) writeFileSync(join(disk, 'filling'), block, { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
