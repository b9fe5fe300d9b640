import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ProblemResult } from '../../benchmarks/contest.js';
import { describeMachine, machineLine } from '../../benchmarks/machine.js';
import { rate } from '../../benchmarks/rating.js';
import { type SuiteReport, writeReport } from '../../benchmarks/report.js';
import { problemTable } from '../../benchmarks/suites/problem-table.js';
import { digits, grouped, markdownTable, percent, textTable } from '../../benchmarks/table.js';

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
    expect(textTable(problemTable(rate(result, 'torch', 65), 'torch'))).toMatch(/^NumPy .* 2\.48 +- +1\.50\.\.9\.00$/m);
  });

  it('is printed as aligned text', () => {
    expect(textTable(problemTable(rate(result, 'NumPy', 65), 'NumPy')).split('\n')).toEqual([
      'B=2 H=100 T=25',
      '                   ms/step  chars/s  GFLOP/s  vs NumPy   min..max ms',
      'NumPy                 2.00   25,000     2.48     1.00x    1.50..9.00',
      'ours (threads: 2)    0.500  100,000     9.90     4.00x  0.400..0.800',
      'torch              absent: python3 cannot import torch | at all',
    ]);
  });

  it('is printed as Markdown, with bars escaped', () => {
    expect(markdownTable(problemTable(rate(result, 'NumPy', 65), 'NumPy')).split('\n')).toEqual([
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

describe('numbers in tables', () => {
  it('show three digits that count, and never powers of ten', () => {
    expect([0.001234, 1.2345, 99.96, 123.4, 1_234_567].map(digits)).toEqual([
      '0.00123',
      '1.23',
      '100',
      '123',
      '1,234,567',
    ]);
    expect(grouped(1234.5)).toBe('1,235');
    expect(percent(0.1234)).toBe('12.3 %');
  });

  it('compare with a peak where there is one', () => {
    const { head, rows } = problemTable(rate(result, 'NumPy', 65), 'NumPy', 99);
    expect(head[4]).toBe('of GEMM peak');
    expect(rows[1]).toContain('10.0 %');
  });
});

describe('the report of a suite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (file: string) => readFileSync(join(folder, 'new', file), 'utf8');
  const report: SuiteReport = {
    findings: { problems: [rate(result, 'NumPy', 65)] },
    tables: [problemTable(rate(result, 'NumPy', 65), 'NumPy')],
    notes: ['A note.'],
    chart: () => Promise.resolve('<svg/>'),
  };

  it('is written as JSON, Markdown and a chart, with the machine and the raw rounds', async () => {
    const machine = await describeMachine();
    const corpus = { name: 'x.txt', length: 1234, vocabularySize: 65 };
    const circumstances = { suite: 'step', date: '2026-01-02T03:04:05.678Z', quick: true, machine, corpus };
    const lines = await writeReport(join(folder, 'new'), report, circumstances);
    expect(lines).toEqual(['step.json', 'step.md', 'step.svg'].map((file) => join(folder, 'new', file)));
    expect(JSON.parse(read('step.json'))).toEqual({ ...circumstances, ...report.findings });
    expect(read('step.svg')).toBe('<svg/>');
    expect(read('step.md')).toMatch(/A note\.\n\n<sub>2026-01-02; .*; x\.txt, 1,234 characters, V = 65\. A quick look/);
  });

  it('goes without a chart where none can be drawn', async () => {
    const machine = await describeMachine();
    const corpus = { name: 'x.txt', length: 9, vocabularySize: 65 };
    const circumstances = { suite: 'bare', date: '2026-01-02T03:04:05.678Z', quick: false, machine, corpus };
    const chart = () => Promise.reject(new Error('no vega'));
    const lines = await writeReport(join(folder, 'new'), { ...report, chart }, circumstances);
    expect(lines[2]).toBe('no chart: no vega');
  });
});

describe('the machine', () => {
  it('is described in one line', async () => {
    const machine = await describeMachine();
    expect(machine.cores).toBeGreaterThan(0);
    expect(machineLine(machine)).toContain(process.version);
  });
});
