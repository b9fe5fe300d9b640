import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { nodeProgram } from '../../benchmarks/contestants/node-program.js';
import type { RatedProblem } from '../../benchmarks/rating.js';
import { compiled } from '../compiled.js';

// Whole suites run here, if only for a look: on a busy machine that takes minutes.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const results = mkdtempSync(join(tmpdir(), 'bench-test-'));
afterAll(() => rmSync(results, { recursive: true }));

interface Findings {
  suite: string;
  quick: boolean;
  problems: RatedProblem[];
}

interface MemoryRun {
  name: string;
  absent?: string;
  points: { step: number }[];
  tensorDeviation: number;
}

function bench(...flags: string[]) {
  return benchFrom(compiled(import.meta.url), ...flags);
}

function benchFrom(folder: string, ...flags: string[]) {
  const { command, args } = nodeProgram('../../benchmarks/main.ts', folder, flags);
  return spawnSync(command, args, { encoding: 'utf8' });
}

describe('npm run bench', () => {
  // One run for all that is said of these two suites.
  let status: number | null;
  let stdout: string;
  beforeAll(() => {
    const python = ['--python', '/nowhere/python'];
    ({ status, stdout } = bench('memory', 'step', '--quick', '--steps', '1000', ...python, '--results', results));
  });

  it('names every peer, absent ones too, and writes what it printed', () => {
    expect(status).toBe(0);
    expect(stdout).toMatch(/NumPy program +absent: cannot start \/nowhere\/python/);
    expect(stdout).toMatch(/PyTorch nn.RNN +absent: cannot start \/nowhere\/python/);
    const { suite, quick, problems } = JSON.parse(readFileSync(join(results, 'step.json'), 'utf8')) as Findings;
    expect({ suite, quick }).toEqual({ suite: 'step', quick: true });
    const names = problems[0].rows.map((row) => row.contestant);
    expect(names).toEqual(expect.arrayContaining(['plain C, one core', 'min-char-rnn (pure TypeScript)']));
    expect(readFileSync(join(results, 'step.md'), 'utf8')).toContain('| PyTorch nn.RNN | absent: ');
    expect(stdout).toMatch(
      /128 bits on one core of this machine: \d+ GFLOP\/s in registers, \d+ GFLOP\/s with a load each/,
    );
  });

  it('refuses a suite that there is not', () => {
    const { status, stderr } = bench('speed');
    expect(status).toBe(1);
    expect(stderr).toMatch(/one of step, .*'speed'/);
  });

  it('runs every suite that is named, each with what it wrote', () => {
    expect(status).toBe(0);
    for (const suite of ['memory', 'step']) expect(stdout).toContain(join(results, `${suite}.svg`));
  });

  it('looks at the memory of the whole trainer, between reports and samples', () => {
    expect(status).toBe(0);
    const { runs } = JSON.parse(readFileSync(join(results, 'memory.json'), 'utf8')) as { runs: MemoryRun[] };
    expect(runs.map(({ name }) => name)).toEqual(['TensorFlow, traced', 'wasm', 'TensorFlow, op by op']);
    for (const run of runs) {
      if (run.absent) continue;
      const every = run.points[0].step;
      expect(every % 100).toBe(0);
      expect(run.points.map(({ step }) => step)).toEqual(run.points.map((_, i) => every * (i + 1)));
      expect(run.tensorDeviation).toBe(0);
    }
    if (!runs[0].absent) {
      expect(runs[0].points).toHaveLength(10);
      const table = readFileSync(join(results, 'memory.md'), 'utf8');
      expect(table).toMatch(/\| 0 tensors, [\d.]+ MiB, [\d.]+ % from step 500 on \|/);
    }
  });

  it('measures large texts, from the cache and from a file too', () => {
    // From its source, whose suite builds the program to measure it.
    const { status } = benchFrom(import.meta.url, 'corpus', '--quick', '--results', results);
    expect(status).toBe(0);
    const { starts, speeds } = JSON.parse(readFileSync(join(results, 'corpus.json'), 'utf8')) as {
      starts: { cache: string; seconds: { median: number } }[];
      speeds: { kept: object };
    };
    expect(starts.map(({ cache }) => cache)).toEqual(['none', 'kept', 'used again']);
    for (const { seconds } of starts) expect(seconds.median).toBeGreaterThan(0);
    expect(speeds.kept).toHaveProperty('median');
  });

  it('explains its suites and options', () => {
    const { status, stdout } = bench('--help');
    expect(status).toBe(0);
    for (const word of ['step:', 'quality:', '--quick', '--minutes', '--torch-python']) expect(stdout).toContain(word);
  });

  it.for([
    ['--spede', 'spede'],
    ['--minutes=0', '--minutes must be a number above 0'],
  ])('refuses %s in one line', ([flag, words]) => {
    const { status, stderr } = bench(flag);
    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(words)]);
  });

  it('refuses a missing corpus in one line', () => {
    const { status, stderr } = bench('step', '--corpus', '/nowhere/text');
    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining("'/nowhere/text' does not exist")]);
  });
});
