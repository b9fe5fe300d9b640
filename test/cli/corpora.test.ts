import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { differingTensors } from '../trainer/runs.js';
import {
  endWithTest,
  eventsIn,
  linesIn,
  run,
  sharedFolder,
  SMALL,
  start,
  succeed,
  untilSignalsAreCaught,
} from './processes.js';

const { path, text } = sharedFolder();

/** A cache folder of the running test's own. */
let cache = '';
let caches = 0;
beforeEach(() => {
  cache = path(`cache-${caches++}`);
  process.env.MIN_CHAR_RNN_CACHE = cache;
});

const PURE = [...SMALL, '--backend', 'pure'];
const LARGE = path('large.txt');
writeFileSync(LARGE, 'a text of more than sixteen mebibytes, ä\n'.repeat(410_000));

/** Notes of a `--json` run. */
const notesIn = (stdout: string) =>
  linesIn(stdout).flatMap((line) => (line.type === 'note' ? [String(line.text)] : []));

describe('train', () => {
  it('takes a text from standard input, packed files and several, as the text in one file', async () => {
    const args = [...PURE, '--steps', '30', '--quiet'];
    writeFileSync(path('half.txt'), 'the rain '.repeat(20));
    writeFileSync(path('rest.txt.gz'), gzipSync('in spain '.repeat(20)));
    const whole = 'the rain '.repeat(20) + 'in spain '.repeat(20);
    await succeed('train', path('half.txt'), path('rest.txt.gz'), ...args, '--checkpoint', path('files'));
    expect((await run(['train', '-', ...args, '--checkpoint', path('stdin')], whole)).code).toBe(0);
    const [files, stdin] = [await loadCheckpoint(path('files')), await loadCheckpoint(path('stdin'))];
    expect(differingTensors(files, stdin)).toEqual([]);
    expect([stdin.corpus.hash, stdin.corpus.name]).toEqual([files.corpus.hash, 'standard input']);
    const further = ['--resume', path('files'), '--steps', '35', '--quiet', '--backend', 'pure'];
    expect((await run(['train', '-', ...further], whole)).code).toBe(0);
    expect((await run(['train', '-', ...further], `${whole}a`)).stderr).toContain('must continue with the text');
  });

  it('keeps the encoded form of a large text, says where, and uses it again; cache tells and clears', async () => {
    const args = ['train', LARGE, ...PURE, '--steps', '20', '--json'];
    const first = notesIn((await succeed(...args)).stdout).at(2);
    expect(first).toMatch(/^encoded text: .*corpora.corpus-\w+\.symbols, 16\.\d MiB, kept for the next time/);
    const again = await succeed(...args, '--validation-fraction', '0.1');
    expect(notesIn(again.stdout).at(2)).toMatch(/MiB, used again$/);
    expect((await succeed('cache')).stdout).toMatch(
      /corpora: 1 encoded text, 16\.\d MiB\n +16\.\d MiB {2}.*large\.txt\n$/,
    );
    expect((await succeed('cache', 'clear')).stdout).toMatch(/corpora: removed 1 encoded text, 16\.\d MiB\n$/);
    expect((await succeed('cache', 'info')).stdout).toMatch(/corpora: no encoded texts\n$/);
  });

  it('keeps nothing with --no-cache, and does without where it cannot', async () => {
    const args = ['train', LARGE, ...PURE, '--steps', '1', '--json'];
    const { stdout } = await succeed(...args, '--no-cache');
    expect(notesIn(stdout).at(2)).toBe('encoded text: in a temporary file, for this run alone');
    expect(existsSync(cache)).toBe(false);
    process.env.MIN_CHAR_RNN_CACHE = text;
    const unwritable = await succeed(...args);
    expect(notesIn(unwritable.stdout).at(2)).toMatch(/^warning: the cache folder '.*' cannot be written to \(ENOTDIR/);
  });

  it('validates on the end of a large text, and eval says the same of it', async () => {
    const fraction = ['--validation-fraction', '0.00001'];
    await succeed('train', LARGE, ...PURE, ...fraction, '--steps', '40', '--quiet', '--checkpoint', path('file'));
    const { corpus, run: state } = await loadCheckpoint(path('file'));
    expect(corpus.symbols).toBe(410_000 * 41);
    const { stdout } = await succeed('eval', path('file'), LARGE, ...fraction, '--backend', 'pure');
    expect(stdout).toContain(`${state.validation.at(-1)?.natsPerChar.toFixed(4)} nats/char`);
    expect(stdout).toContain('over 167 predictions');
  });

  it('ends at Ctrl-C while a text is read, and leaves nothing of it', async () => {
    const { child, finished } = start('train', '-', ...PURE, '--checkpoint', path('never'));
    // More than stays in memory, and then no end.
    const block = Buffer.alloc(1 << 20, 'text ');
    for (let i = 0; i < 20; i++) child.stdin.write(block);
    await new Promise<void>((resolve) => child.stdin.write(block, () => resolve()));
    child.stdin.on('error', () => undefined);
    child.kill('SIGINT');
    child.stdin.write(block);
    expect(await finished).toMatchObject({ code: 130, stderr: '' });
    expect(existsSync(path('never'))).toBe(false);
  });
});

describe('a signal to a run that waits for a text which does not come', () => {
  const fifo = (name: string) => {
    execFileSync('mkfifo', [path(name)]);
    return path(name);
  };
  // Opened at both ends at once, so that neither waits for the other.
  const withWriter = (pipe: string) => {
    const fd = openSync(pipe, constants.O_RDWR);
    writeSync(fd, 'a beginning');
    onTestFinished(() => closeSync(fd));
    return pipe;
  };

  it.runIf(process.platform === 'linux').each<[string, NodeJS.Signals, () => string]>([
    ['from standard input', 'SIGINT', () => '-'],
    ['from a pipe without a writer', 'SIGTERM', () => fifo('lonely')],
    ['from a pipe whose writer is idle', 'SIGINT', () => withWriter(fifo('idle'))],
    ['from a packed one', 'SIGINT', () => fifo('lonely.gz')],
  ])('%s ends it at once: %s', async (_from, signal, place) => {
    const args = ['train', place(), ...PURE, '--checkpoint', path('unborn')];
    const { child, finished } = start(...args);
    await untilSignalsAreCaught({ child });
    // From here on a signal is answered; this gives the run time to begin to wait.
    await setTimeout(300);
    child.kill(signal);
    expect(await finished).toMatchObject({ code: signal === 'SIGINT' ? 130 : 143, stderr: '', stdout: '' });
    expect(existsSync(path('unborn.lock'))).toBe(false);
  });

  it('does not end the wait of a run that has had none: what comes late is read', async () => {
    const args = ['--steps', '3', '--json'];
    const { child, finished } = start('train', fifo('late'), ...PURE, ...args);
    endWithTest(spawn('bash', ['-c', `sleep 1; echo ${'words '.repeat(50)} > '${path('late')}'`]));
    child.stdin.end();
    const { code, stdout } = await finished;
    expect(code).toBe(0);
    expect(eventsIn(stdout).at(-1)).toMatchObject({ type: 'end', step: 3 });
  });
});

describe('--min-count', () => {
  it('is kept in the checkpoint: a resumed run has the same symbols, and other texts have them too', async () => {
    const rare = path('rare.txt');
    writeFileSync(rare, `${'the rain in spain '.repeat(30)}äöü`);
    const [straight, stopped] = [path('straight'), path('stopped')];
    const args = ['train', rare, ...PURE, '--min-count', '2', '--quiet'];
    await succeed(...args, '--steps', '60', '--checkpoint', straight);
    await succeed(...args, '--steps', '25', '--checkpoint', stopped);
    await succeed('train', rare, '--resume', stopped, '--steps', '60', '--quiet', '--backend', 'pure');
    const [one, other] = [await loadCheckpoint(straight), await loadCheckpoint(stopped)];
    expect(differingTensors(one, other)).toEqual([]);
    expect(one.options.minCount).toBe(2);
    expect(one.vocabulary.symbols).toContain(0xfffd);
    expect(one.vocabulary.symbols).not.toContain(0xe4);
    const foreign = path('foreign.txt');
    writeFileSync(foreign, 'rain in ÄÖÜ '.repeat(20));
    await succeed('eval', straight, foreign, '--backend', 'pure');
    await succeed('sample', straight, '--prime', 'ß', '--length', '5', '--backend', 'pure');
    const fresh = path('fresh');
    await succeed(
      'train',
      foreign,
      '--init-from',
      straight,
      '--steps',
      '5',
      '--checkpoint',
      fresh,
      '--quiet',
      '--backend',
      'pure',
    );
    expect((await loadCheckpoint(fresh)).options.minCount).toBe(2);
    const { stderr } = await run(['train', foreign, '--init-from', straight, '--min-count', '3']);
    expect(stderr).toMatch(/--min-count must be 2 as in '.*straight', but got 3; leave it out/);
  });
});

it('a text that grows between two runs is read again', async () => {
  const args = ['train', LARGE, ...PURE, '--steps', '1', '--json'];
  await succeed(...args);
  appendFileSync(LARGE, 'more');
  const { stdout } = await succeed(...args);
  expect(notesIn(stdout).at(2)).toContain('kept for the next time');
  expect(eventsIn(stdout).at(-1)).toMatchObject({ type: 'end', step: 1 });
  expect(readdirSync(join(cache, 'corpora'))).toHaveLength(1);
});
