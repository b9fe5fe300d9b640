import { existsSync, readFileSync, rmSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { text as textOfStream } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Child, TooSlow } from '../../src/bench/child.js';
import type { BenchParts, BenchTimes } from '../../src/bench/measure.js';
import { type Contestant, randomTrainer } from '../../src/bench/request.js';
import { runBench } from '../../src/cli/commands/doctor-bench.js';
import { planRun } from '../../src/run/plan.js';
import { preferenceOf } from '../../src/run/preference.js';
import { sharedFolder, succeed } from '../cli/processes.js';
import { compiled } from '../compiled.js';

vi.setConfig({ testTimeout: 300_000 });

const size = { batchSize: 2, hiddenSize: 8, seqLength: 4 };
const { path, text } = sharedFolder();
const speeds = path('cache/speeds.json');

beforeEach(() => vi.stubEnv('MIN_CHAR_RNN_CACHE', path('cache')));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(path('cache'), { recursive: true, force: true });
});

function start(contestant: Contestant, of = size): Child {
  const { command, args } = randomTrainer({ contestant, size: of }, []);
  const [program, request] = args;
  return new Child({ command, args: [fileURLToPath(compiled(pathToFileURL(program))), request] });
}

const PURE: Contestant = { name: 'pure', backend: 'pure' };
const ABSENT: Contestant = { name: 'nobody', backend: 'tensorflow', device: 'tpu' };

/** All the time that a busy machine may need. */
const PATIENT: BenchTimes = { total: 240, loading: 120, trying: 180, warmUp: 0.01, secondsPerRound: 0.01, rounds: 2 };

/** What `doctor --bench` prints. */
async function bench(json: boolean, among: Contestant[], parts: BenchParts = {}): Promise<string> {
  const out = new PassThrough();
  await runBench(size, json, out, { among, start: (contestant) => start(contestant), times: PATIENT, ...parts });
  return textOfStream(out.end());
}

describe('doctor --bench', () => {
  it('trains in processes of their own, says why others are absent, and train follows the ranking', async () => {
    const lines = (await bench(false, [{ name: 'wasm', backend: 'wasm' }, PURE, ABSENT])).split('\n');
    expect(lines[0]).toMatch(/^Training at B=2 H=8 T=4 on random symbols \(V=65\)/);
    const [, first] = /^ {2}1\. {2}(wasm|pure) +[\d.]+ +[\d,]+ +1\.00x$/.exec(lines[2]) ?? [];
    expect(lines[4]).toBe("  -  nobody: its devices are cpu, gpu, auto, not 'tpu'; name one of them");
    expect(lines[5]).toBe(`--backend auto takes ${first} for this size from now on.`);
    const preference = preferenceOf(await planRun({ corpus: [text], ...size }));
    expect(preference.reason).toMatch(/^measured fastest on .* by doctor --bench$/);
    expect(preference.candidates.map(({ backend }) => backend).sort()).toEqual(['pure', 'wasm']);
    expect(preference.candidates[0].backend).toBe(first);
    const other = preferenceOf(await planRun({ corpus: [text], ...size, hiddenSize: 9 }));
    expect(other.reason).toContain('small steps');
  });

  it('remembers nothing where the place of one is not known', async () => {
    const late = {
      ready: () => Promise.reject(new TooSlow(9)),
      run: () => Promise.resolve({ seconds: 0, loss: 0 }),
      kill: () => Promise.resolve(),
    };
    const parts = { start: (contestant: Contestant) => (contestant === PURE ? start(PURE) : late) };
    expect(await bench(false, [{ name: 'wasm', backend: 'wasm' }, PURE], parts)).toContain(
      '--backend auto stays as it was, because there was no time to measure: wasm.\n',
    );
    expect(existsSync(speeds)).toBe(false);
  });

  it('prints JSON with the rates', async () => {
    const printed = JSON.parse(await bench(true, [PURE, ABSENT])) as Record<string, unknown>;
    expect(printed).toMatchObject({
      ...size,
      ranking: ['pure'],
      findings: [
        { ...PURE, msPerStep: expect.any(Number) as number, charactersPerSecond: expect.any(Number) as number },
        { ...ABSENT, absent: expect.any(String) as string },
      ],
    });
    expect(readFileSync(speeds, 'utf8')).toContain('"backend": "pure"');
  });

  it('is refused where no contestant ends a step, and remembers nothing', async () => {
    await expect(bench(false, [PURE], { times: { ...PATIENT, trying: 0 } })).rejects.toThrow(
      'a backend must end a step in time, but none did',
    );
    expect(existsSync(speeds)).toBe(false);
  });

  it('is ready before a model is made, however large that is', async () => {
    const large = { batchSize: 100_000, hiddenSize: 10_000, seqLength: 100_000 };
    const child = start(PURE, large);
    try {
      expect(await child.ready(60)).toMatchObject({ name: expect.stringContaining('plain') as string });
    } finally {
      await child.kill();
    }
  });

  it('tells how a process ended, and which does not answer in time', async () => {
    const none = start({ name: 'none', backend: 'none' as 'pure' });
    await expect(none.ready(60)).rejects.toThrow(/^ended with exit code 1: TypeError: .*/);
    const slow = start(PURE);
    await slow.ready(60);
    await expect(slow.run(1_000_000_000, 0.1)).rejects.toThrow(TooSlow);
    await expect(slow.run(1)).rejects.toThrow('ended by SIGKILL');
  });

  it('measures everyone from the command line, each on a line', async () => {
    const options = Object.entries({ 'batch-size': 2, 'hidden-size': 8, 'seq-length': 4 });
    const { stdout } = await succeed(
      'doctor',
      '--bench',
      ...options.flatMap(([name, value]) => [`--${name}`, `${value}`]),
    );
    expect(stdout).toMatch(/^Training at B=2 H=8 T=4 /);
    for (const name of ['wasm', 'tensorflow', 'webgpu', 'pure']) {
      expect(stdout).toMatch(new RegExp(`^ {2}(\\d\\.|- ) +${name}`, 'm'));
    }
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^--backend auto (takes \w+ for this size|stays as it was)/);
  });
});
