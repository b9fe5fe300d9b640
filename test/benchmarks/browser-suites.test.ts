import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { nodeProgram } from '../../benchmarks/contestants/node-program.js';
import { withoutBrowser } from '../pages/browser.js';
import { scratchFolder } from '../scratch-folder.js';

// Whole suites run here, if only for a look: on a busy machine that takes minutes.
vi.setConfig({ testTimeout: 300_000 });

/** Runs a suite, if only for a look. @returns its findings and its table. */
function look<Findings>(suite: string): { findings: Findings; table: string } {
  const results = scratchFolder();
  const flags = [suite, '--quick', '--python', '/nowhere/python', '--results', results];
  const { command, args } = nodeProgram('../../benchmarks/main.ts', import.meta.url, flags);
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  const read = (ending: string) => readFileSync(join(results, `${suite}.${ending}`), 'utf8');
  return { findings: JSON.parse(read('json')) as Findings, table: read('md') };
}

describe.skipIf(withoutBrowser.skip)(`suites with a browser${withoutBrowser.title}`, () => {
  it('measure how long a page takes to read a text', () => {
    const { findings, table } = look<{ readings: { characters: number; rounds: { seconds: number }[] }[] }>('page');
    expect(findings.readings.map(({ characters, rounds }) => [characters, rounds.length])).toEqual([[1000, 2]]);
    for (const { seconds } of findings.readings[0].rounds) expect(seconds).toBeGreaterThan(0);
    expect(table).toMatch(/\| 1,000 characters \| +[\d.,]+ \|/);
  });

  it('measure what a dashboard takes of a trainer', () => {
    interface Row {
      readonly name: string;
      readonly share: { readonly median: number };
    }
    const { findings, table } = look<{ costs: { rows: Row[] }[] }>('dashboard');
    for (const { rows } of findings.costs) {
      expect(rows.map(({ name }) => name)).toEqual(['--dashboard, no browser', '--dashboard, one browser']);
      for (const { share } of rows) expect(share.median).toBeGreaterThan(0);
    }
    expect(table).toMatch(/\| --dashboard, one browser \| +[\d.]+ % \|/);
  });
});
