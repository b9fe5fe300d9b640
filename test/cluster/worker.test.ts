import { networkInterfaces } from 'node:os';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { FRAME, headOf } from '../../src/cluster/frames.js';
import { run, withoutTensorflow } from '../cli/processes.js';
import { startWorker, type TestWorker, Visitor } from './workers.js';

/** Sizes that a worker takes. */
const START = { batchSize: 8, seqLength: 5, hiddenSize: 16, vocabularySize: 13, shards: 2, oneDnn: true };

/** An address of this machine that others see; undefined where it has none. */
const outside = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
const title = outside ? '' : ' (skipped: this machine has no other address; give it a network)';

describe('a worker', () => {
  it.skipIf(!outside)(`is reached from its own machine only${title}`, async () => {
    const { port } = await startWorker();
    const [failure] = await once(connect(port, outside), 'error').catch((error: Error) => [error]) as [Error]; // prettier-ignore
    expect(failure.message).toContain('ECONNREFUSED');
  });

  it.each(['0.0.0.0', '::', '192.168.0.7', 'example.org'])(
    'refuses --host %s without --trust-network',
    async (host) => {
      const { code, stderr } = await run(['worker', '--port', '0', '--host', host]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^min-char-rnn: --host must be .* add --trust-network .* SSH tunnel\n$/);
    },
  );

  it('listens elsewhere with --trust-network, and says where', async () => {
    const worker = await startWorker('--host', '127.0.0.1', '--trust-network');
    expect(worker.port).toBeGreaterThan(0);
  });

  it('says in one line that its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { code, stderr } = await run(['worker', '--port', String(port)]);
    server.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^min-char-rnn: the worker must listen on 127\.0\.0\.1 .*EADDRINUSE.*; take another --port\n$/,
    );
  });

  it('tells a trainer its threads, and another that it is busy; then serves the next', async () => {
    const worker = await startWorker('--threads', '3');
    const first = await Visitor.at(worker);
    expect(await first.hello().hears(FRAME.welcome)).toMatchObject({ program: 'min-char-rnn', threads: 3 });
    const second = await Visitor.at(worker);
    expect(await second.hears(FRAME.refusal)).toEqual({ reason: 'it is serving another trainer' });
    await second.ended;
    first.socket.destroy();
    await worker.printed('has gone');
    const third = await Visitor.at(worker);
    expect(await third.hello().hears(FRAME.welcome)).toMatchObject({ threads: 3 });
  });

  it('says once a second that it is there', async () => {
    const visitor = await Visitor.at(await startWorker());
    await visitor.hello().hears(FRAME.beat);
  });

  it.each([
    ['another version', { version: '0.0.1' }, /it is min-char-rnn .*, and this is min-char-rnn 0\.0\.1 with/],
    ['another TensorFlow', { tensorflow: '1.0' }, /with TensorFlow 1\.0/],
    ['another protocol', { protocol: 99 }, /protocol 99/],
  ])('refuses a trainer of %s', async (_, other, reason) => {
    const visitor = await Visitor.at(await startWorker());
    const refusal = await visitor.hello(other).hears(FRAME.refusal);
    expect(refusal.reason).toMatch(reason);
    expect(refusal.reason).toMatch(/take the same version for both$/);
  });
});

it('a worker lets a trainer go that it has refused and that does not hang up', async () => {
  const worker = await startWorker();
  const visitor = await Visitor.at(worker, { allowHalfOpen: true });
  await visitor.hello({ version: '0.0.1' }).hears(FRAME.refusal);
  await worker.printed('has gone after 0 windows');
  await (await Visitor.at(worker)).hello().hears(FRAME.welcome);
});

/** Bytes of how to update weights, and weights and memories of `START`. */
const STATE = 4 * (2 + 2 * (16 * 13 + 16 * 16 + 13 * 16 + 16 + 13));

/** Work for shard 0 of `START`, where hidden states are among it; the other numbers are zeros. */
function work(head: readonly number[]): Uint8Array {
  // Rate, 5 x 4 symbols twice, hidden (4, 16).
  const numbers = new Int32Array(5 + 1 + 2 * 5 * 4 + 4 * 16);
  numbers.set(head);
  return new Uint8Array(numbers.buffer);
}

const HOSTILE: [string, (visitor: Visitor) => void][] = [
  ['another program', ({ socket }) => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')],
  ['a frame of 4 GiB', ({ socket }) => socket.write(headOf(FRAME.hello, 0xffffffff))],
  ['no JSON', (visitor) => visitor.say(FRAME.hello, Buffer.from('{'))],
  ['work before anything', (visitor) => visitor.say(FRAME.work, new Uint8Array(8))],
  ['a start before a hello', (visitor) => visitor.say(FRAME.start, START)],
  ['two hellos', (visitor) => visitor.hello().hello()],
  ['a hello with a key of its own', (visitor) => visitor.say(FRAME.hello, { __proto__: { program: 'min-char-rnn' } })],
  ['a start with sizes out of range', (visitor) => visitor.hello().say(FRAME.start, { ...START, hiddenSize: 1e9 })],
  ['more shards than streams', (visitor) => visitor.hello().say(FRAME.start, { ...START, shards: 9 })],
  [
    'work before TensorFlow is loaded',
    (visitor) => visitor.hello().say(FRAME.start, START).say(FRAME.work, new Uint8Array(8)),
  ],
  [
    'weights before TensorFlow is loaded',
    (visitor) => visitor.hello().say(FRAME.start, START).say(FRAME.state, new Uint8Array(STATE)),
  ],
];

/** Waits until a worker has hung up on a visitor, the last of so many, and is free for the next. */
async function untilGone(worker: TestWorker, visitor: Visitor, visitors: number, what: string): Promise<void> {
  let isOpen = true;
  void visitor.ended.then(() => (isOpen = false));
  await expect.poll(() => isOpen, { message: `${what}: it hangs up`, timeout: PATIENCE_MS }).toBe(false);
  const gone = () => worker.count('has gone after 0 windows');
  await expect.poll(gone, { message: `${what}: it is free`, timeout: PATIENCE_MS }).toBe(visitors);
}

const PATIENCE_MS = 60_000;

it('a worker hangs up on whatever it does not take, and serves the next each time', async () => {
  const worker = await startWorker();
  let visitors = 0;
  for (const [what, act] of HOSTILE) {
    const visitor = await Visitor.at(worker);
    act(visitor);
    await untilGone(worker, visitor, ++visitors, what);
    const next = await Visitor.at(worker);
    await next.hello().hears(FRAME.welcome);
    next.socket.destroy();
    await untilGone(worker, next, ++visitors, `the next after ${what}`);
  }
});

/** First and end shard of the part, and of what the rest is of; 1: with hidden states. */
const WHOLE = [0, 1, 0, 2, 1];
/** What work comes without, where its last number is 0. */
const HIDDEN_BYTES = 4 * 4 * 16;
const ready = (visitor: Visitor) => visitor.say(FRAME.state, new Uint8Array(STATE));
const UNREADY: [string, (visitor: Visitor) => void][] = [
  ['work before weights', (visitor) => visitor.say(FRAME.work, work(WHOLE))],
  ['weights of another size', (visitor) => visitor.say(FRAME.state, new Uint8Array(STATE + 4))],
  ['weights twice', (visitor) => ready(ready(visitor))],
  ['weights within a window', (visitor) => ready(ready(visitor).say(FRAME.work, work(WHOLE)))],
  ['a part that is none', (visitor) => ready(visitor).say(FRAME.work, work([1, 1, 0, 2, 1]))],
  ['a rest that is none', (visitor) => ready(visitor).say(FRAME.work, work([0, 1, 0, 3, 1]))],
  ['units that do not come', (visitor) => ready(visitor).say(FRAME.work, work([0, 1, 0, 2, 5]))],
  [
    'a first work without hidden states',
    (visitor) => ready(visitor).say(FRAME.work, work([0, 1, 0, 2, 0]).slice(0, -HIDDEN_BYTES)),
  ],
  ['a rest that nothing asks for', (visitor) => ready(visitor).say(FRAME.rest, new Uint8Array(4))],
  [
    'work two windows ahead',
    (visitor) => ready(visitor).say(FRAME.work, work(WHOLE)).say(FRAME.work, work(WHOLE)).say(FRAME.work, work(WHOLE)),
  ],
];

it.skipIf(withoutTensorflow.skip)(
  `a worker that is ready hangs up on whatever does not come then, and serves the next${withoutTensorflow.title}`,
  async () => {
    const worker = await startWorker();
    let visitors = 0;
    for (const [what, act] of UNREADY) {
      const visitor = await Visitor.at(worker);
      visitor.hello();
      await visitor.hears(FRAME.welcome);
      visitor.say(FRAME.start, START);
      await visitor.hears(FRAME.ready);
      act(visitor);
      await untilGone(worker, visitor, ++visitors, what);
    }
  },
);
