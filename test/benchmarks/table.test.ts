import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProblemResult } from '../../benchmarks/contest.js';
import { describeMachine, machineLine } from '../../benchmarks/machine.js';
import { rate, writeResults } from '../../benchmarks/results.js';
import { markdownTable, textTable } from '../../benchmarks/table.js';

function row(contestant: string, seconds: number[], details = {}) {
  const rounds = seconds.map((each) => ({ seconds: each, loss: 50 }));
  return { contestant, name: 'child', version: '1', details, stepsPerRound: 1000, rounds };
}

const result: ProblemResult = {
  problem: { batchSize: 2, hiddenSize: 100, seqLength: 25, learningRate: 0.1 },
  rows: [
    row('NumPy', [2, 1.5, 9]),
    row('ours', [0.5, 0.4, 0.8], { threads: 2 }),
    { contestant: 'torch', absent: 'python3 cannot import torch | at all' },
  ],
};

describe('a rated problem', () => {
  it('derives medians, throughput and ratios from raw rounds and keeps absent rows', () => {
    const { title, rows } = rate(result, 'NumPy', 65);
    expect(title).toBe('B=2 H=100 T=25');
    expect(rows[1]).toMatchObject({
      msPerStep: { median: 0.5, min: 0.4, max: 0.8 },
      charsPerSecond: 100_000,
      ratio: 4,
    });
    expect(rows[1]).toHaveProperty('gflopPerSecond', 9.9);
    expect(rows[2]).toEqual(result.rows[2]);
  });

  it('has no ratios where the reference is absent', () => {
    const { rows } = rate(result, 'torch', 65);
    expect(rows[0]).not.toHaveProperty('ratio');
    expect(textTable(rate(result, 'torch', 65), 'torch')).toMatch(/^NumPy .* 2\.48 +- +1\.50\.\.9\.00$/m);
  });

  it('is printed as aligned text', () => {
    expect(textTable(rate(result, 'NumPy', 65), 'NumPy').split('\n')).toEqual([
      'B=2 H=100 T=25',
      '                   ms/step  chars/s  GFLOP/s  vs NumPy   min..max ms',
      'NumPy                 2.00   25,000     2.48     1.00x    1.50..9.00',
      'ours (threads: 2)    0.500  100,000     9.90     4.00x  0.400..0.800',
      'torch              absent: python3 cannot import torch | at all',
    ]);
  });

  it('is printed as Markdown, with bars escaped', () => {
    expect(markdownTable(rate(result, 'NumPy', 65), 'NumPy').split('\n')).toEqual([
      '**B=2 H=100 T=25**',
      '',
      '|  | ms/step | chars/s | GFLOP/s | vs NumPy | min..max ms |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
      '| NumPy | 2.00 | 25,000 | 2.48 | 1.00x | 1.50..9.00 |',
      '| ours (threads: 2) | 0.500 | 100,000 | 9.90 | 4.00x | 0.400..0.800 |',
      '| torch | absent: python3 cannot import torch \\| at all |  |  |  |  |',
    ]);
  });
});

describe('the results of a suite', () => {
  it('are written with the machine, the raw rounds and what follows from them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'results-test-'));
    const machine = await describeMachine();
    const corpus = { name: 'x.txt', length: 9, vocabularySize: 65 };
    const problems = [rate(result, 'NumPy', 65)];
    const suite = { suite: 'step', date: new Date().toISOString(), machine, corpus, reference: 'NumPy', problems };
    const path = await writeResults(join(folder, 'new'), suite);
    expect(path).toBe(join(folder, 'new', 'step.json'));
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(suite);
    rmSync(folder, { recursive: true });
  });

  it('describe the machine in one line', async () => {
    const machine = await describeMachine();
    expect(machine.cores).toBeGreaterThan(0);
    expect(machineLine(machine)).toContain(process.version);
  });
});
