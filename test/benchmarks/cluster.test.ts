import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { nodeProgram } from '../../benchmarks/contestants/node-program.js';
import { type Line, transferMs } from '../../benchmarks/links/line.js';
import { startRelay } from '../../benchmarks/links/relay.js';
import type { RatedProblem } from '../../benchmarks/rating.js';
import {
  costOf,
  scaled,
  type StepCost,
  stepMs,
  streamsThatPay,
  trafficOf,
  type WindowOf,
} from '../../benchmarks/suites/cluster-cost.js';
import { nativeStatus } from '../../src/native/status.js';
import { compiled } from '../compiled.js';

// The suite loads TensorFlow in several processes at once.
vi.setConfig({ testTimeout: 300_000 });

const SIZE: WindowOf = { batchSize: 8, seqLength: 3, hiddenSize: 4, vocabularySize: 5 };
/** 4 bytes take 1 ms. */
const LINE: Line = { delayMs: 100, bitsPerSecond: 32_000 };

describe("the model of a cluster's cost", () => {
  it('takes its costs from what was measured', () => {
    expect(costOf({ oneThread: 100, twoThreads: 60, twoProcesses: 65 })).toEqual({
      divided: 80,
      fixed: 20,
      handling: 5,
    });
  });

  it('says what was measured where there is no line', () => {
    const none = { delayMs: 0, bitsPerSecond: Infinity };
    const cost = costOf({ oneThread: 100, twoThreads: 60, twoProcesses: 65 });
    expect(stepMs(cost, SIZE, { machines: 1, threads: 1, line: none })).toBe(100);
    expect(stepMs(cost, SIZE, { machines: 1, threads: 2, line: none })).toBe(60);
    expect(stepMs(cost, SIZE, { machines: 2, threads: 1, line: none })).toBe(65);
  });

  it('does not let noise gain more than a second thread can', () => {
    expect(costOf({ oneThread: 100, twoThreads: 40, twoProcesses: 45 })).toEqual({
      divided: 100,
      fixed: 0,
      handling: 0,
    });
    expect(costOf({ oneThread: 100, twoThreads: 110, twoProcesses: 120 })).toMatchObject({ divided: 0, fixed: 100 });
  });

  it('counts the bytes to and from each other machine', () => {
    // Wxh 20, Whh 16, Why 20, bh 4, by 5 numbers; of 2 of 4 shards' streams hidden 2 x 4 come back, and 3 x 2 symbols twice go out.
    const [weights, hidden, symbols] = [65, 8, 12];
    const [head, rate, loss] = [5, 1, 1];
    expect(trafficOf(SIZE, 4)).toEqual({
      sent: 3 * 4 * (head + rate + symbols + loss + weights),
      received: 3 * 4 * (loss + weights + hidden),
    });
  });

  it('adds the bytes over the bandwidth, and the delay there and back', () => {
    const cost: StepCost = { divided: 80, fixed: 20, handling: 5 };
    const { sent, received } = trafficOf(SIZE, 4);
    const expected = 80 / 8 + 20 + 3 * 5 + (sent + received) / 4 + 200;
    expect(stepMs(cost, SIZE, { machines: 4, threads: 2, line: LINE })).toBeCloseTo(expected, 9);
  });

  it('lets two machines send at the same time', () => {
    const cost: StepCost = { divided: 80, fixed: 20, handling: 5 };
    const { sent, received } = trafficOf(SIZE, 2);
    const expected = 80 / 4 + 20 + 5 + Math.max(sent, received) / 4 + 100;
    expect(stepMs(cost, SIZE, { machines: 2, threads: 2, line: LINE })).toBeCloseTo(expected, 9);
  });

  it('grows with the operations where it is divided, else with the weights', () => {
    const cost: StepCost = { divided: 80, fixed: 20, handling: 5 };
    expect(scaled(cost, SIZE, { ...SIZE, batchSize: 16 })).toEqual({ divided: 160, fixed: 20, handling: 5 });
    const larger = scaled(cost, SIZE, { ...SIZE, hiddenSize: 8 });
    expect(larger.divided / 80).toBeCloseTo((8 * 13) / (4 * 9), 9);
    expect(larger.fixed / 20).toBeCloseTo(157 / 65, 9);
  });

  it('finds the streams from which on more machines pay, or that there are none', () => {
    const costAt = ({ batchSize }: WindowOf): StepCost => ({ divided: batchSize, fixed: 0, handling: 0 });
    const line = { delayMs: 10, bitsPerSecond: Infinity };
    const from = (machines: number, most = 1024) => streamsThatPay(costAt, SIZE, { machines, threads: 1, line }, most);
    // B / 2 + 10 <= 0.9 B from B = 25 on; B / 4 + 20 <= 0.9 (B / 2 + 10) from B = 55 on.
    expect(from(2)).toBe(32);
    expect(from(4)).toBe(64);
    expect(from(2, 16)).toBeUndefined();
  });
});

describe('a relay', () => {
  it('carries all bytes both ways, in order, and ends with its ends', async () => {
    const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    const relay = await startRelay((echo.address() as AddressInfo).port, { delayMs: 2, bitsPerSecond: 1e9 });
    const socket = connect(relay.port, '127.0.0.1');
    // More than it holds at a time.
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * i) >> 8);
    const back = read(socket, bytes.length);
    socket.write(bytes);
    expect(Buffer.compare(await back, bytes)).toBe(0);
    relay.close();
    await once(socket, 'close');
    echo.close();
  });

  it('puts bytes on the line one after another', () => {
    expect(transferMs(1_250_000, { delayMs: 1, bitsPerSecond: 1e9 })).toBe(10);
  });
});

async function read(socket: Socket, length: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of socket.iterator({ destroyOnReturn: false })) {
    pieces.push(piece as Buffer);
    if (pieces.reduce((sum, { byteLength }) => sum + byteLength, 0) >= length) break;
  }
  return Buffer.concat(pieces);
}

const setUp = nativeStatus().kind !== 'absent';
const notSetUp = setUp ? '' : " (skipped: TensorFlow's native library is not set up; npm run setup)";

interface Findings {
  problems: (RatedProblem & { traffic: { sent: number; received: number }; predicted: number })[];
}

it.skipIf(!setUp)(
  `the cluster suite counts what crosses, and leaves out only what the system cannot do${notSetUp}`,
  () => {
    const results = mkdtempSync(join(tmpdir(), 'cluster-bench-'));
    afterAll(() => rmSync(results, { recursive: true }));
    const flags = ['cluster', '--quick', '--results', results];
    const { command, args } = nodeProgram('../../benchmarks/main.ts', compiled(import.meta.url), flags);
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const text = readFileSync(join(results, 'cluster.json'), 'utf8');
    const { problems, corpus } = JSON.parse(text) as Findings & { corpus: { vocabularySize: number } };
    const [{ problem, rows, traffic, predicted }] = problems;
    const { sent, received } = trafficOf({ ...problem, vocabularySize: corpus.vocabularySize }, 2);
    // Each message has a head of 5 bytes, and a worker says once a second that it is there.
    expect(traffic.sent).toBe(sent + 2 * 5);
    expect(traffic.received - received).toBeGreaterThanOrEqual(5);
    expect(traffic.received - received).toBeLessThan(100);
    expect(predicted).toBeGreaterThan(0);
    for (const row of rows) {
      // Whoever lacks the right to set up networks, or their kernel's netem, has no such row.
      if ('absent' in row) expect(row.contestant, row.absent).toContain('netem');
      else expect(row.rounds.every(({ loss }) => Number.isFinite(loss))).toBe(true);
    }
    expect(stdout).toContain('the eighth');
  },
);
