import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import type { Validation } from '../../src/trainer/events.js';
import { isFiniteState } from '../../src/model/parameters.js';
import { Random } from '../../src/sampling/random.js';
import { run, sharedFolder, SMALL, start, succeed, trainJson, until } from './processes.js';
import { TRAIN_OPTIONS } from '../../src/options/train-options.js';
import { parseInterval } from '../../src/options/save-interval.js';

const { path, text } = sharedFolder();
/** A text without order: what is learned of its start does not help with its end. */
const noise = path('noise.txt');
const random = new Random(3);
writeFileSync(noise, Array.from({ length: 900 }, () => 'abcd'[Math.floor(4 * random.uniform())]).join(''));

const train = ['train', text, ...SMALL, '--backend', 'pure'];

describe.concurrent('--checkpoint', () => {
  it.each([
    ['in a folder that is not there', 'missing/run.safetensors', 'missing'],
    ['that is a folder', 'folder', 'folder'],
  ])('%s is refused at the start in one line', async (_, name, part) => {
    mkdirSync(path('folder'), { recursive: true });
    const { code, stdout, stderr } = await run([...train, '--checkpoint', path(name)]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^min-char-rnn: .+\n$/);
    expect(stderr).toContain(part);
  });

  it('with --steps 0 keeps the initial state, from which the run is the same', async () => {
    const [initial, whole] = [path('initial.safetensors'), path('whole.safetensors')];
    await succeed(...train, '--steps', '0', '--checkpoint', initial, '--quiet');
    expect((await loadCheckpoint(initial)).run).toMatchObject({ step: 0, training: [] });
    await succeed('train', text, '--backend', 'pure', '--resume', initial, '--steps', '110', '--quiet');
    await succeed(...train, '--steps', '110', '--checkpoint', whole, '--quiet');
    const [resumed, once] = [await loadCheckpoint(initial), await loadCheckpoint(whole)];
    expect(resumed.tensors).toEqual(once.tensors);
    expect(resumed.run.random).toEqual(once.run.random);
  });

  it('is kept, finite, when the training diverges', async () => {
    const saved = path('diverged.safetensors');
    const { code, stderr } = await run([...train, '--learning-rate', '100', '--steps', '5000', '--checkpoint', saved]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^min-char-rnn: the smoothed loss must stay below .* training has diverged; .*\n$/);
    expect(stderr).toContain(`is in '${saved}'`);
    expect(isFiniteState((await loadCheckpoint(saved)).tensors)).toBe(true);
  });
});

describe.concurrent('--checkpoint-every', () => {
  it('reads steps, seconds, minutes and hours', () => {
    expect(['10', '90s', '10m', '2h', '0', '1d'].map(parseInterval)).toEqual([
      { steps: 10, seconds: 0 },
      { steps: 0, seconds: 90 },
      { steps: 0, seconds: 600 },
      { steps: 0, seconds: 7200 },
      undefined,
      undefined,
    ]);
  });

  it.each(['0', '-5', '1.5', '5d', 'often', '10 m', '', '9'.repeat(20)])("refuses '%s'", (given) => {
    expect(() => TRAIN_OPTIONS.checkpointEvery.parse('--checkpoint-every', given)).toThrow(
      `--checkpoint-every must be a whole number of steps`,
    );
  });

  it.each([
    ['steps', '10'],
    ['time', '1s'],
  ])('saves during the run, counted in %s', async (_, every) => {
    const saved = path(`every-${every}.safetensors`);
    const running = start(...train, '--checkpoint', saved, '--checkpoint-every', every, '--quiet');
    await until(() => existsSync(saved), running);
    running.child.kill('SIGKILL');
    await running.finished;
    const { step, elapsedSeconds } = (await loadCheckpoint(saved)).run;
    if (every === '10') expect(step % 10).toBe(0);
    else expect(elapsedSeconds).toBeGreaterThanOrEqual(1);
  });

  it('is refused without --checkpoint, and with a bad value, in one line', async () => {
    const lonely = await run([...train, '--checkpoint-every', '10']);
    expect([lonely.code, lonely.stderr]).toEqual([
      1,
      expect.stringMatching(/--checkpoint-every must come with --check.+\n$/),
    ]);
    const bad = await run([...train, '--checkpoint', path('bad'), '--checkpoint-every', '5d']);
    expect([bad.code, bad.stderr]).toEqual([1, expect.stringMatching(/^min-char-rnn: .*but got '5d'.*\n$/)]);
  });
});

describe.concurrent('--keep-best', () => {
  const validated = ['--validation-fraction', '0.2', '--eval-every', '20', '--sample-every', '0'];

  it('keeps the state of the best validation beside the last one, to resume from', async () => {
    mkdirSync(path('best'));
    const args = [noise, ...SMALL, ...validated, '--steps', '400', '--keep-best'];
    const events = await trainJson(...args, '--checkpoint', path('best/run.safetensors'));
    const validations = events.filter((event): event is Validation => event.type === 'validation');
    const best = validations.reduce((a, b) => (b.natsPerChar < a.natsPerChar ? b : a));
    expect(readdirSync(path('best')).sort()).toEqual(['run.best.safetensors', 'run.safetensors']);
    const { run: kept } = await loadCheckpoint(path('best/run.best.safetensors'));
    expect(kept).toMatchObject({ step: best.step, best: { step: best.step, natsPerChar: best.natsPerChar } });
    expect(kept.validation.at(-1)).toEqual(kept.best);
    expect(best.step).toBeLessThan(400);
    const more = ['--resume', path('best/run.best.safetensors'), '--steps', String(best.step + 20)];
    const [next] = (await trainJson(noise, ...more)).filter(({ type }) => type === 'validation');
    expect(next).toEqual(validations.find(({ step }) => step === best.step + 20));
  });

  it('is refused without --checkpoint', async () => {
    const { code, stderr } = await run([...train, ...validated, '--keep-best']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('--keep-best must come with --checkpoint')]);
  });
});

describe.concurrent('--patience', () => {
  it('ends a run that no longer gets better, which says so', async () => {
    const args = ['--validation-fraction', '0.3', '--eval-every', '10', '--patience', '2', '--steps', '20000'];
    const events = await trainJson(noise, ...SMALL, ...args);
    const best = events.flatMap((event) => (event.type === 'validation' ? [event.best] : []));
    expect(best.slice(-2)).toEqual([false, false]);
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'patience' });
  });

  it('is refused without a validation to wait for', async () => {
    const { code, stderr } = await run([...train, '--patience', '2']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('--patience must have a validation')]);
  });
});
