import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeProgram } from '../../benchmarks/contestants/node-program.js';
import type { SuiteResult } from '../../benchmarks/results.js';

const results = mkdtempSync(join(tmpdir(), 'bench-test-'));
afterAll(() => rmSync(results, { recursive: true }));

function bench(...flags: string[]) {
  const { command, args } = nodeProgram('../../benchmarks/main.ts', import.meta.url, flags);
  return spawnSync(command, args, { encoding: 'utf8' });
}

describe('npm run bench', () => {
  it('names every peer, absent ones too, and writes what it printed', () => {
    const { status, stdout } = bench('step', '--quick', '--python', '/nowhere/python', '--results', results);
    expect(status).toBe(0);
    expect(stdout).toMatch(/NumPy program +absent: cannot start \/nowhere\/python/);
    expect(stdout).toMatch(/PyTorch nn.RNN +absent: cannot start \/nowhere\/python/);
    const { suite, problems } = JSON.parse(readFileSync(join(results, 'step.json'), 'utf8')) as SuiteResult;
    expect(suite).toBe('step');
    expect(problems[0]?.rows.map((row) => row.contestant)).toContain('plain C, one core');
  });

  it('refuses a suite that there is not', () => {
    const { status, stderr } = bench('speed');
    expect(status).toBe(1);
    expect(stderr).toMatch(/speed.*step/s);
  });

  it('refuses a missing corpus in one line', () => {
    const { status, stderr } = bench('step', '--corpus', '/nowhere/text');
    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining("'/nowhere/text' does not exist")]);
  });
});
