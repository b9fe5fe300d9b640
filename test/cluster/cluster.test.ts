import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { FRAME, headOf } from '../../src/cluster/frames.js';
import { identity } from '../../src/cluster/messages.js';
import { signalAll } from '../../scripts/stress/worker-process.js';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { run, sharedFolder, start, succeed, withoutTensorflow } from '../cli/processes.js';
import { startWorker, type TestWorker, Visitor } from './workers.js';

const { path, text } = sharedFolder(20_000);

/** Large enough for four shards. */
const SIZES = ['--hidden-size', '256', '--batch-size', '8', '--seq-length', '10', '--sample-length', '20'];
const RUN = [
  text,
  ...SIZES,
  '--sample-every',
  '20',
  '--validation-fraction',
  '0.1',
  '--eval-every',
  '25',
  '--reset-probability',
  '0.05',
  '--recurrent-dropout',
  '0.1',
  '--weight-decay',
  '0.01',
];

const workersOf = (...workers: TestWorker[]) => ['--workers', workers.map(({ address }) => address).join(',')];

/** Everything of a saved run that must be the same, whoever has computed it. */
async function savedIn(name: string) {
  const { tensors, run: state, options } = await loadCheckpoint(path(name));
  return { tensors, options, run: { ...state, elapsedSeconds: 0 } };
}

const judged = new Map<number, ReturnType<typeof savedIn>>();

/** The same run in one process with four threads: the judge. */
function alone(steps: number): ReturnType<typeof savedIn> {
  const compute = async () => {
    const file = `alone-${steps}.safetensors`;
    await succeed('train', ...RUN, '--steps', String(steps), '--backend', 'tensorflow', '--threads', '4', '--checkpoint', path(file), '--quiet'); // prettier-ignore
    return savedIn(file);
  };
  const known = judged.get(steps) ?? compute();
  judged.set(steps, known);
  return known;
}

describe.skipIf(withoutTensorflow.skip)(`a run on several machines${withoutTensorflow.title}`, () => {
  afterEach(() => rmSync(path('run.safetensors'), { force: true }));

  const begin = (steps: number, ...rest: string[]) =>
    start(
      'train',
      ...RUN,
      '--threads',
      '1',
      '--steps',
      String(steps),
      '--checkpoint',
      path('run.safetensors'),
      ...rest,
    );

  it('is to the bit that of one process with as many threads, and so is its continuation on one', async () => {
    const [a, b] = [await startWorker('--threads', '2'), await startWorker('--threads', '1')];
    const first = await begin(30, ...workersOf(a, b)).finished;
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(
      `with the workers ${a.address} 2, ${b.address} 1 of 4 shards (4 shards on 3 machines)`,
    );
    expect(await savedIn('run.safetensors')).toEqual(await alone(30));
    await succeed('train', text, '--resume', path('run.safetensors'), '--steps', '80', '--threads', '4', '--quiet');
    expect((await savedIn('run.safetensors')).tensors).toEqual((await alone(80)).tensors);
    expect(a.count('trains: 256 hidden units, windows of 10, 8 streams in 4 shards')).toBe(1);
    expect(b.count('has gone after 30 windows')).toBe(1);
  });

  it.each([
    ['is killed', (worker: TestWorker) => signalAll(worker.child, 'SIGKILL'), /\(the connection was (cut|closed)\)/],
    ['is frozen', (worker: TestWorker) => signalAll(worker.child, 'SIGSTOP'), /\(nothing was heard of it for 15 s\)/],
  ])('goes on to the same end when a worker %s, and says so in one line', async (_, fail, why) => {
    const [a, b] = [await startWorker('--threads', '2'), await startWorker('--threads', '1')];
    const going = begin(80, '--report-every', '10', ...workersOf(a, b));
    await going.printed('step 20 ');
    fail(a);
    const { code, stdout } = await going.finished;
    expect(code).toBe(0);
    const warnings = stdout.split('\n').filter((line) => line.startsWith('warning'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(why);
    expect(warnings[0]).toMatch(`worker ${a.address} is lost`);
    expect(warnings[0]).toMatch(`the run loses nothing and goes on with ${b.address}`);
    // A frozen process does not notice that the test has ended.
    if (a.child.signalCode === null) signalAll(a.child, 'SIGKILL');
    const { tensors } = await savedIn('run.safetensors');
    const expected = await alone(80);
    expect(tensors).toEqual(expected.tensors);
  });

  it('goes on alone when the last worker is lost; Ctrl-C saves it', async () => {
    const worker = await startWorker('--threads', '3');
    const going = begin(100_000, '--report-every', '10', ...workersOf(worker));
    await going.printed('step 10 ');
    worker.child.kill('SIGKILL');
    await going.printed('the run loses nothing and goes on alone');
    going.child.kill('SIGINT');
    expect(await going.finished).toMatchObject({ code: 130 });
    const { run: state } = await savedIn('run.safetensors');
    await succeed('train', text, '--resume', path('run.safetensors'), '--steps', String(state.step + 5), '--threads', '4', '--quiet'); // prettier-ignore
    expect((await savedIn('run.safetensors')).tensors).toEqual((await alone(state.step + 5)).tensors);
  });

  it('leaves its workers to the next, however it ends', async () => {
    const worker = await startWorker('--threads', '1');
    const killed = begin(100_000, '--report-every', '10', ...workersOf(worker));
    await killed.printed('step 10 ');
    killed.child.kill('SIGKILL');
    await worker.printed('has gone after');
    await succeed('train', ...RUN, '--threads', '1', '--steps', '20', '--quiet', ...workersOf(worker));
    const stopped = begin(100_000, '--report-every', '10', '--overwrite', ...workersOf(worker));
    await stopped.printed('step 10 ');
    stopped.child.kill('SIGINT');
    expect(await stopped.finished).toMatchObject({ code: 130 });
    await expect.poll(() => worker.count('has gone after'), { timeout: 20_000 }).toBe(3);
  });

  it('does not begin with a worker that serves another', async () => {
    const worker = await startWorker();
    await (await Visitor.at(worker)).hello().hears(FRAME.welcome);
    expect(await refusalOf(...workersOf(worker))).toContain(
      `${worker.address} does not: it is serving another trainer; start`,
    );
  });
});

/** What `train` says with these options; one line. */
async function refusalOf(...options: string[]): Promise<string> {
  const { code, stderr } = await run(['train', ...RUN, '--steps', '1', ...options]);
  expect(code).toBe(1);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  return stderr;
}

/** A server on this machine that answers each connection so. */
async function server(answer: Buffer): Promise<string> {
  const listening = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write(answer);
  }).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  listening.unref();
  return `127.0.0.1:${(listening.address() as { port: number }).port}`;
}

const frameOf = (kind: number, value: object) => {
  const content = Buffer.from(JSON.stringify(value));
  return Buffer.concat([headOf(kind, content.length), content]);
};

describe('train --workers refuses, in one line,', () => {
  it('a worker that cannot be reached', async () => {
    expect(await refusalOf('--workers', '127.0.0.1:9')).toMatch(
      /^min-char-rnn: --workers must name workers .* 127\.0\.0\.1:9 does not: connect ECONNREFUSED .*min-char-rnn worker --port 9, or/,
    );
  });

  it('a worker of another version', async () => {
    const address = await server(frameOf(FRAME.welcome, { ...identity(), version: '0.0.9', threads: 1 }));
    expect(await refusalOf('--workers', address)).toMatch(
      /it is min-char-rnn 0\.0\.9 with .*take the same version for both/,
    );
  });

  it('a worker that refuses, in its words, made safe for a terminal', async () => {
    const address = await server(frameOf(FRAME.refusal, { reason: 'für heute zu müde\u001b[31m' }));
    expect(await refusalOf('--workers', address)).toContain('does not: für heute zu müde\\x1b[31m; start one');
  });

  it('what is no worker', async () => {
    const address = await server(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await refusalOf('--workers', address)).toMatch(/does not: (a frame of|it does not speak as a worker)/);
  });

  it.each([
    [['--backend', 'wasm'], '--backend wasm'],
    [['--device', 'gpu'], '--device gpu'],
    [['--no-compile'], '--no-compile'],
  ])('%j beside it', async (options, named) => {
    expect(await refusalOf('--workers', '127.0.0.1:9', ...options)).toContain(
      `but got ${named}; leave one of the two out`,
    );
  });

  it('a batch that is too small to share', async () => {
    const worker = await startWorker();
    const { code, stderr } = await run(['train', text, '--steps', '1', ...workersOf(worker)]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /--workers must have shards to share, .* --batch-size 1 with --hidden-size 100 is one shard; take/,
    );
  });
});
