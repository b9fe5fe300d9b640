import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { nodeProgram } from '../../benchmarks/contestants/node-program.js';
import { ourContestants, OUR_NAME } from '../../benchmarks/contestants/our-contestants.js';
import { plainC, pythonPeer } from '../../benchmarks/contestants/peers.js';
import { withChild } from '../../benchmarks/start.js';
import type { Launch } from '../../src/bench/child.js';
import { nativeStatus } from '../../src/native/status.js';
import { compiled } from '../compiled.js';
import { pythonWith, whyNoPython } from '../python-venv.js';
import { CASES, largestRelativeDifference, losses, settingsFor, STEPS } from './small-problem.js';

// Each test starts processes that load a library, for which the harness itself waits up to 180 s.
vi.setConfig({ testTimeout: 300_000 });

const folder = mkdtempSync(join(tmpdir(), 'ours-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const setUp = nativeStatus().kind !== 'absent';
const notSetUp = setUp ? '' : " (skipped: TensorFlow's native library is not set up; npm run setup)";
const BACKENDS = setUp ? ['pure', 'wasm', 'tensorflow'] : ['pure', 'wasm'];
const [small] = CASES;
const c = await plainC(folder);

function child(file: string, ...flags: string[]): Launch {
  return nodeProgram(`../../benchmarks/contestants/${file}`, compiled(import.meta.url), flags);
}

function ask(launch: Launch, ...lines: string[]) {
  return withChild(launch, settingsFor(small, folder), async (child) => {
    const answers = [];
    for (const line of lines) answers.push(await child.ask(line));
    return answers;
  });
}

describe('our contestants', () => {
  it('show a whole trainer in browsers where that is asked for, and tell what that takes', async () => {
    const launch = child('whole-trainer.ts', '--backend', 'pure', '--dashboard', 'true');
    await withChild(launch, settingsFor(small, folder), async (trainer) => {
      const { address } = await trainer.ask('address');
      const page = await fetch(String(address));
      expect(await page.text()).toContain('<title>min-char-rnn</title>');
      const { seconds, taken } = await trainer.ask('shown 1 watched');
      expect(taken).toBeGreaterThan(0);
      expect(taken).toBeLessThan(Number(seconds));
      const events = await fetch(new URL('events', String(address)));
      const record = (await events.body?.getReader().read())?.value as Uint8Array | undefined;
      expect(Buffer.from(record ?? []).toString()).toMatch(/"numbers":\{"step":1\d\d,/);
    });
    const [alone] = await ask(child('whole-trainer.ts', '--backend', 'pure'), 'address');
    expect(alone).toEqual({});
  });

  it('have different names, by which charts know them as ours', () => {
    const names = ourContestants().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => name.startsWith(OUR_NAME))).toBe(true);
  });

  const noCompiler = 'absent' in c ? ' (skipped: no C compiler works; install cc, gcc or clang)' : '';
  it.skipIf(noCompiler).for(CASES)(`train as plain C does, on every backend: $title${noCompiler}`, async (size) => {
    const settings = settingsFor(size, folder);
    const truth = 'launches' in c ? await losses(c.launches[0], settings) : [];
    expect(new Set(truth).size).toBe(STEPS);
    for (const backend of BACKENDS) {
      const found = await losses(child('ours.ts', '--backend', backend), settings);
      expect(largestRelativeDifference(truth, found), backend).toBeLessThan(2e-5);
    }
  });

  it('come to the same loss in one call of many windows as window by window', async () => {
    const launch = child('ours.ts', '--backend', 'pure', '--windows-per-call', '4');
    const single = await losses(launch, settingsFor(small, folder));
    const [{ loss }] = await ask(launch, `run ${STEPS}`);
    expect(loss).toBe(single.at(-1));
  });

  it('refuse a backend that there is not', async () => {
    await expect(ask(child('ours.ts', '--backend', 'abacus'), 'run 1')).rejects.toThrow();
  });
});

describe('the programs of the other suites', () => {
  it.for(BACKENDS)('generate text: %s', async (backend) => {
    const [{ seconds }] = await ask(child('sampler.ts', '--backend', backend), 'run 2');
    expect(seconds).toBeGreaterThan(0);
  });

  it.for(['true', 'false'])('train as the command line does, with samples: %s', async (samples) => {
    const [answer] = await ask(child('whole-trainer.ts', '--backend', 'pure', '--samples', samples), 'run 2');
    expect(answer.loss).toBeLessThan(100);
  });

  it.skipIf(!setUp).for(['true', 'false'])(
    `tell what the whole trainer holds, which stays the same, traced: %s${notSetUp}`,
    async (traced) => {
      const launch = child('whole-trainer.ts', '--compile', traced);
      const [, before, , after] = await ask(launch, 'run 1', 'memory', 'run 2', 'memory');
      expect(before.tensors).toBeGreaterThan(0);
      expect(after.tensors).toBe(before.tensors);
      expect(after.resident).toBeGreaterThan(1e6);
    },
  );

  it('learn against the clock and are judged by what they have saved', async () => {
    const path = join(folder, 'learnt.bin');
    const fraction = ['--validation-fraction', '0.5'];
    const learner = child('whole-trainer.ts', '--backend', 'pure', '--minutes', '0.01', ...fraction);
    const [early, late] = await ask(learner, `until 0.01 ${path}`, `until 0.6 ${path}`);
    expect(late.seconds).toBeGreaterThanOrEqual(0.6);
    expect(late.steps).toBeGreaterThan(Number(early.steps));
    const [{ natsPerChar }] = await ask(child('judge.ts', ...fraction), `evaluate ${small.hiddenSize} ${path}`);
    expect(natsPerChar).toBeGreaterThan(0.01);
    expect(natsPerChar).toBeLessThan(20);
  });

  it('refuse to judge a file of another size, and keep running', async () => {
    const path = join(folder, 'short.bin');
    writeFileSync(path, new Float32Array(5));
    const launch = child('judge.ts', '--validation-fraction', '0.5');
    await withChild(launch, settingsFor(small, folder), async (judge) => {
      for (let i = 0; i < 2; i++)
        await expect(judge.ask(`evaluate 3 ${path}`)).rejects.toThrow(/does not hold a model/);
    });
  });

  const python = pythonWith(['numpy']);
  const noNumpy = python ? '' : ` (skipped: ${whyNoPython(['numpy'])})`;
  it.skipIf(noNumpy)(`the NumPy program learns against the same clock${noNumpy}`, async () => {
    const path = join(folder, 'numpy.bin');
    const numpy = pythonPeer(python ?? '', 'numpy_rnn.py', '--validation-fraction', '0.5');
    const [{ seconds, steps }] = await ask(numpy, `until 0.2 ${path}`);
    expect(seconds).toBeGreaterThanOrEqual(0.2);
    expect(steps).toBeGreaterThan(0);
    expect(existsSync(path)).toBe(true);
    const ours = join(folder, 'ours.bin');
    await ask(child('whole-trainer.ts', '--backend', 'pure', '--validation-fraction', '0.5'), `until 0.01 ${ours}`);
    expect(statSync(path).size).toBe(statSync(ours).size);
  });
});
