import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { type Contestant, type ContestOptions, type MeasuredRow, runContest } from '../../benchmarks/contest.js';
import { nodeProgram } from '../../benchmarks/contestants/node-program.js';
import { rate } from '../../benchmarks/rating.js';
import type { Launch } from '../../src/bench/child.js';
import { compiled } from '../compiled.js';

// Each test starts processes, for which the harness itself waits up to 180 s.
vi.setConfig({ testTimeout: 300_000 });

const folder = mkdtempSync(join(tmpdir(), 'contest-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const problem = { batchSize: 1, hiddenSize: 7, seqLength: 5, learningRate: 0.1 };

function metronome(ms: number, ...flags: string[]): Launch {
  return nodeProgram('fake-peer.ts', compiled(import.meta.url), ['--ms', String(ms), ...flags]);
}

async function contest(contestants: Contestant[], overrides: Partial<ContestOptions> = {}) {
  const timing = { rounds: 3, secondsPerRound: 0.2, warmupSeconds: 0.1 };
  const results = await runContest({ contestants, problems: [problem], corpus: 'none', ...timing, ...overrides });
  return results[0] ?? { problem, rows: [] };
}

describe('a contest', () => {
  it('finds the known ratio of two contestants', async () => {
    const result = await contest([
      { name: 'slow', launches: [metronome(10)] },
      { name: 'fast', launches: [metronome(4)] },
    ]);
    const fast = rate(result, 'slow', 20).rows[1];
    expect(fast).toMatchObject({ contestant: 'fast', name: 'metronome', version: '1.0', details: { hiddenSize: 7 } });
    expect(fast).toHaveProperty('ratio');
    if (!fast || 'absent' in fast) return;
    expect(fast.ratio).toBeCloseTo(2.5, 12);
    expect(fast.msPerStep.median).toBeCloseTo(4, 12);
  });

  it('calibrates rounds to the asked length and keeps every raw round', async () => {
    const { rows } = await contest([{ name: 'a', launches: [metronome(10)] }], { rounds: 2, secondsPerRound: 0.3 });
    const row = rows[0] as MeasuredRow;
    expect(row.stepsPerRound).toBe(30);
    expect(row.rounds).toEqual(Array(2).fill({ seconds: 0.3, loss: 30 }));
  });

  it('measures whole calls of a contestant that makes many steps in one', async () => {
    const log = join(folder, 'calls');
    // The first whole call compiles.
    const launches = [metronome(3, '--windows-per-call', '8', '--log', log, '--hiccup-in-run', '4')];
    const { rows } = await contest([{ name: 'a', launches }], { rounds: 2, secondsPerRound: 0.1 });
    expect(rows[0]).toMatchObject({ stepsPerRound: 32 });
    const runs = readFileSync(log, 'utf8').trim().split(' ');
    expect(runs).toEqual(['3x1', '3x1', '3x6', '3x8', '3x8', '3x16', '3x32', '3x32', '3x32']);
  });

  it('lets one whose single call outlasts a round play fewer rounds', async () => {
    const launches = [metronome(10, '--windows-per-call', '16')];
    const { rows } = await contest([{ name: 'a', launches }], { rounds: 4, secondsPerRound: 0.08 });
    expect(rows[0]).toMatchObject({ stepsPerRound: 16, rounds: Array(2).fill({ seconds: 0.16, loss: 16 }) });
  });

  it('runs at least one step a round, however slow', async () => {
    const { rows } = await contest([{ name: 'a', launches: [metronome(50)] }], { secondsPerRound: 0.01, rounds: 1 });
    expect(rows[0]).toMatchObject({ stepsPerRound: 1 });
  });

  it('lets one whose single step outlasts a round play fewer rounds', async () => {
    const { rows } = await contest(
      [
        { name: 'slow', launches: [metronome(100)] },
        { name: 'fast', launches: [metronome(1)] },
      ],
      { secondsPerRound: 0.05, rounds: 4 },
    );
    expect(rows.map((row) => (row as MeasuredRow).rounds.length)).toEqual([2, 4]);
  });

  it('interleaves the rounds of contestants that were warmed up one after the other', async () => {
    const log = join(folder, 'order');
    await contest([
      { name: 'a', launches: [metronome(20, '--log', log)] },
      { name: 'b', launches: [metronome(30, '--log', log)] },
    ]);
    const order = readFileSync(log, 'utf8').trim().split(' ');
    const who = order.map((entry) => (entry.startsWith('20x') ? 'a' : 'b')).join('');
    expect(who).toMatch(/^a+b+(aabb){3}$/);
    // Before each round a fifth of it that does not count.
    expect(order.slice(-4)).toEqual(['20x2', '20x10', '30x1', '30x7']);
  });

  it('takes the fastest of alternatives', async () => {
    const { rows } = await contest([{ name: 'a', launches: [metronome(30), metronome(5), metronome(60)] }]);
    expect(rows[0]).toMatchObject({ details: { ms: 5 } });
  });

  it('continues with the alternatives that work', async () => {
    const { rows } = await contest([{ name: 'a', launches: [metronome(1, '--absent', 'no key'), metronome(5)] }]);
    expect(rows[0]).toMatchObject({ details: { ms: 5 } });
  });

  it('names every absent contestant with its reason and measures the others', async () => {
    const { rows } = await contest(
      [
        { name: 'known', absent: 'no compiler' },
        { name: 'missing', launches: [{ command: '/nowhere/python', args: [] }] },
        { name: 'says so', launches: [metronome(1, '--absent', 'no key')] },
        { name: 'dies in the warm-up', launches: [metronome(1, '--fail-in-run', '1')] },
        { name: 'dies later', launches: [metronome(30, '--fail-in-run', '4')] },
        { name: 'lives', launches: [metronome(1)] },
      ],
      { warmupSeconds: 0.06, secondsPerRound: 0.03, rounds: 4 },
    );
    expect(rows.map((row) => ('absent' in row ? row.absent : 'measured'))).toEqual([
      'no compiler',
      expect.stringMatching(/^cannot start \/nowhere\/python: .*ENOENT/),
      'no key',
      'ended with exit code 3: the spring is broken',
      'stopped in round 1: ended with exit code 3: the spring is broken',
      'measured',
    ]);
  });
});
