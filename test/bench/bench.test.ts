import { describe, expect, it } from 'vitest';
import { contestants } from '../../src/bench/bench.js';
import { TooSlow } from '../../src/bench/child.js';
import { type Finding, measure } from '../../src/bench/measure.js';
import type { Runner } from '../../src/bench/player.js';
import { candidatesIn, charactersPerSecond, ranked, unplaced } from '../../src/bench/ranking.js';
import type { Contestant } from '../../src/bench/request.js';
import { benchLines } from '../../src/cli/display/bench-lines.js';

const size = { batchSize: 2, hiddenSize: 100, seqLength: 25 };
const times = { total: 20, loading: 8, trying: 12, warmUp: 0.3, secondsPerRound: 0.3, rounds: 5 };

/** What the fake machine's processes are like; times in seconds. */
interface Manner {
  loading?: number;
  description?: string;
  absent?: string;
  windowsPerCall?: number;
  /** How much longer than the first of them the later runs take, each longer than the one before. */
  growing?: number;
  crashesInRun?: number;
}

/** A machine on which time passes only while a process computes; `log` has who ran how many windows. */
class FakeMachine {
  seconds = 0;
  readonly log: string[] = [];
  readonly #ended = new Set<string>();

  get ended(): string[] {
    return [...this.#ended].sort();
  }

  /** Loads in `loading` seconds, steps in `perStep`; the first step takes a second longer. */
  runner(name: string, perStep: number, manner: Manner = {}): Runner {
    const { loading = 0.5, description = name, absent, windowsPerCall = 1, growing = 0, crashesInRun } = manner;
    let runs = 0;
    const pass = (seconds: number, limit = Infinity) => {
      this.seconds += Math.min(seconds, limit);
      return seconds > limit ? Promise.reject(new TooSlow(limit)) : Promise.resolve();
    };
    return {
      ready: async (limit) => {
        await pass(loading, limit);
        if (absent !== undefined) throw new Error(absent);
        return { name: description, version: '1', details: { windowsPerCall } };
      },
      run: async (windows, limit) => {
        const seconds = windows * (perStep + growing * runs) + (runs === 0 ? 1 : 0);
        if (++runs === crashesInRun) throw new Error('out of memory');
        this.log.push(`${name} ${windows}`);
        await pass(seconds, limit);
        return { seconds, loss: 0 };
      },
      kill: () => Promise.resolve(void this.#ended.add(name)),
    };
  }

  measure(runners: Readonly<Record<string, Runner>>, given = times) {
    const names = Object.keys(runners).map((name): Contestant => ({ name, backend: 'pure' }));
    return measure(size, names, { start: ({ name }) => runners[name], times: given, now: () => this.seconds });
  }
}

const linesOf = (findings: Finding[]) => benchLines({ size, findings, ranking: ranked(findings) });

describe('doctor --bench', () => {
  it('finds the time of a step without the compilation, in interleaved rounds', async () => {
    const machine = new FakeMachine();
    const found = await machine.measure({ a: machine.runner('a', 0.125), b: machine.runner('b', 0.25) });
    expect(found).toMatchObject([
      { msPerStep: 125, rounds: 5 },
      { msPerStep: 250, rounds: 5 },
    ]);
    expect(machine.log.slice(-10)).toEqual(Array.from({ length: 5 }, () => ['a 2', 'b 1']).flat());
    expect(machine.ended).toEqual(['a', 'b']);
  });

  it('takes the mean of the middle two of an even number of rounds', async () => {
    const machine = new FakeMachine();
    const drifting = { a: machine.runner('a', 0.25, { growing: 0.0625 }) };
    const [found] = await machine.measure(drifting, { ...times, rounds: 4 });
    // One window a run: the first step, then 0.3125 s, and rounds of 0.375, 0.4375, 0.5 and 0.5625 s.
    expect(machine.log).toEqual(Array(6).fill('a 1'));
    expect(found).toMatchObject({ msPerStep: 468.75, rounds: 4 });
  });

  it('measures whole calls of a backend that trains many windows in one', async () => {
    const machine = new FakeMachine();
    const [found] = await machine.measure({ a: machine.runner('a', 0.03125, { windowsPerCall: 8 }) });
    const warmUp = [1, 1, 6, 8, 8, 16].map((windows) => `a ${windows}`);
    expect(machine.log).toEqual([...warmUp, ...Array<string>(5).fill('a 8')]);
    expect(found).toMatchObject({ msPerStep: 31.25, firstStepOnly: false });
  });

  it('does not take for known what was only measured while a call was prepared', async () => {
    const machine = new FakeMachine();
    const once = { ...times, trying: 4, total: 4 };
    const [found] = await machine.measure({ a: machine.runner('a', 0.25, { windowsPerCall: 8 }) }, once);
    expect(machine.log).toEqual(['a 1', 'a 1', 'a 6']);
    expect(found).toMatchObject({ msPerStep: 250, rounds: 0, firstStepOnly: true });
  });

  it('names who breaks down in a round, with the reason, and measures the others', async () => {
    const machine = new FakeMachine();
    const found = await machine.measure({
      weak: machine.runner('weak', 0.125, { crashesInRun: 5 }),
      sound: machine.runner('sound', 0.25),
    });
    expect(found).toMatchObject([{ absent: 'stopped in round 2: out of memory' }, { msPerStep: 250, rounds: 5 }]);
    expect(machine.ended).toEqual(['sound', 'weak']);
  });

  it('leaves in time, whoever is slow', async () => {
    const machine = new FakeMachine();
    const found = await machine.measure({
      quick: machine.runner('quick', 0.001),
      slow: machine.runner('slow', 1.2),
      glacial: machine.runner('glacial', 60),
    });
    expect(found[0]).toMatchObject({ rounds: 5 });
    expect(found[1]).toMatchObject({ msPerStep: 1200 });
    expect(found[2]).toMatchObject({ firstStepOverSeconds: expect.any(Number) as number });
    expect(linesOf(found).at(-1)).toMatch(
      /^ {2}- {2}glacial: its first step alone, with what that prepares once, took more than \d+\.\d s; left out$/,
    );
    expect(machine.seconds).toBeLessThan(20);
    expect(machine.ended).toEqual(['glacial', 'quick', 'slow']);
  });

  it('tells a first step, which prepares, from the others', async () => {
    const machine = new FakeMachine();
    const runners = { once: machine.runner('once', 4), twice: machine.runner('twice', 0.125) };
    const found = await machine.measure(runners, { ...times, total: 9 });
    expect(found).toMatchObject([
      { msPerStep: 5000, rounds: 0, firstStepOnly: true },
      { msPerStep: 125, firstStepOnly: false },
    ]);
    expect(linesOf(found).at(-1)).toMatch(/^ {2}2\. {2}once, first step only +5,000 /);
  });

  it('knows no place for who was not measured past the first step, but for the pure version', () => {
    const finding = (backend: 'wasm' | 'pure', found: object) => ({ contestant: { name: backend, backend }, ...found });
    const measured = { description: '', msPerStep: 1, rounds: 0 };
    const names = (backend: 'wasm' | 'pure', found: object) =>
      unplaced([finding(backend, found) as Finding]).map(({ name }) => name);
    expect(names('wasm', { ...measured, firstStepOnly: false })).toEqual([]);
    expect(names('wasm', { ...measured, firstStepOnly: true })).toEqual(['wasm']);
    expect(names('wasm', { firstStepOverSeconds: 2 })).toEqual(['wasm']);
    expect(names('wasm', { notLoadedAfterSeconds: 2 })).toEqual(['wasm']);
    expect(names('wasm', { absent: 'is not there' })).toEqual([]);
    expect(names('pure', { firstStepOverSeconds: 2 })).toEqual([]);
    expect(names('pure', { ...measured, firstStepOnly: true })).toEqual([]);
  });

  it('begins no round that would not end in time', async () => {
    const machine = new FakeMachine();
    const found = await machine.measure({ a: machine.runner('a', 1.9), b: machine.runner('b', 1.7) });
    expect(found).toMatchObject([{ msPerStep: 1900 }, { msPerStep: 1700 }]);
    expect(machine.seconds).toBeLessThanOrEqual(times.total);
    expect(machine.log.length).toBeGreaterThan(6);
  });

  it('tells who did not load in time from who is slow', async () => {
    const machine = new FakeMachine();
    const found = await machine.measure({ late: machine.runner('late', 0.1, { loading: 30 }) });
    expect(found).toMatchObject([{ notLoadedAfterSeconds: 8 }]);
    expect(linesOf(found).at(-1)).toBe('  -  late: not loaded after 8.0 s; is the machine busy?');
  });

  it('measures no graphics card that is none, and says why others are absent', async () => {
    const machine = new FakeMachine();
    const found = await machine.measure({
      soft: machine.runner('soft', 0.1, { description: 'Dawn on SwiftShader Device' }),
      gone: machine.runner('gone', 0.1, { absent: 'not installed' }),
    });
    expect(found).toMatchObject([
      { absent: 'Dawn on SwiftShader Device: not a graphics card, so not measured' },
      { absent: 'not installed' },
    ]);
  });

  it('ranks by time, with rates and ratios', () => {
    const finding = (name: string, backend: 'wasm' | 'tensorflow', msPerStep: number) => ({
      contestant: { name, backend },
      description: name,
      msPerStep,
      rounds: 5,
      firstStepOnly: false,
    });
    const findings = [
      finding('tensorflow, 1 thread', 'tensorflow', 0.5),
      finding('tensorflow, 2 threads', 'tensorflow', 1),
      finding('wasm', 'wasm', 0.25),
    ];
    const ranking = ranked(findings);
    expect(candidatesIn(ranking)).toEqual([{ backend: 'wasm' }, { backend: 'tensorflow' }, { backend: 'pure' }]);
    expect(charactersPerSecond(ranking[0], size)).toBe(200_000);
    expect(linesOf(findings).slice(2)).toEqual([
      '  1.  wasm                     0.250  200,000             1.00x',
      '  2.  tensorflow, 1 thread     0.500  100,000             2.00x',
      '  3.  tensorflow, 2 threads     1.00   50,000             4.00x',
    ]);
  });

  it('measures TensorFlow with one thread and with all, the slowest backend last', () => {
    const names = (threads: number) => contestants(threads).map(({ name }) => name);
    expect(names(8)).toEqual(expect.arrayContaining(['wasm', 'tensorflow, 1 thread', 'tensorflow, 8 threads']));
    expect(names(8).at(-1)).toBe('pure');
    expect(contestants(1).filter(({ threads }) => threads)).toEqual([
      { name: 'tensorflow', backend: 'tensorflow', threads: 1 },
    ]);
  });
});
