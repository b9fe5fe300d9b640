import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { differingTensors, timeless } from '../trainer/runs.js';
import {
  atFirstReport,
  eventsIn,
  sharedFolder,
  SMALL,
  start,
  startIn,
  succeed,
  trainJson,
  until,
  withoutTensorflow,
} from './processes.js';

const { path, text } = sharedFolder();

async function expectSameRun(a: string, b: string): Promise<void> {
  const [one, other] = [await loadCheckpoint(a), await loadCheckpoint(b)];
  expect(differingTensors(one, other)).toEqual([]);
  expect({ ...other.run, elapsedSeconds: 0 }).toEqual({ ...one.run, elapsedSeconds: 0 });
  expect(other.corpus).toEqual(one.corpus);
}

/** 60 steps at once, and 25 and then the rest. */
async function partsEqualTheWhole(backend: string): Promise<void> {
  const [whole, parts] = [path(`whole-${backend}`), path(`parts-${backend}`)];
  const intervals = '--report-every 10 --sample-every 15 --batch-size 2'.split(' ');
  const train = ['train', '--json', '--backend', backend];
  const fresh = [...train, text, ...SMALL, ...intervals, '--checkpoint'];
  const [once, first] = await Promise.all([
    succeed(...fresh, whole, '--steps', '60'),
    succeed(...fresh, parts, '--steps', '25'),
  ]);
  const second = await succeed(...train, text, '--resume', parts, '--steps', '60');
  const seen = (stdout: string) => timeless(eventsIn(stdout));
  expect([...seen(first.stdout), ...seen(second.stdout)]).toEqual(seen(once.stdout));
  await expectSameRun(whole, parts);
}

describe.concurrent('a run that is stopped and resumed', () => {
  it('equals one that went on', () => partsEqualTheWhole('pure'));

  it.skipIf(withoutTensorflow.skip)(`equals one that went on, on tensorflow too${withoutTensorflow.title}`, () =>
    partsEqualTheWhole('tensorflow'),
  );

  it('equals one that went on, after Ctrl-C, up to its own limit', async () => {
    const [whole, parts] = [path('uninterrupted'), path('interrupted')];
    const fresh = [text, ...SMALL, '--sample-every', '700', '--steps', '30000', '--checkpoint'];
    const preload = atFirstReport(`process.kill(process.pid, 'SIGINT');`);
    const { finished } = startIn({ preload }, 'train', '--backend', 'pure', '--json', ...fresh, parts);
    const { code, stdout } = await finished;
    expect(code).toBe(130);
    const first = eventsIn(stdout);
    expect(first.at(-1)).toMatchObject({ type: 'end', reason: 'stopped' });
    const stoppedAt = (await loadCheckpoint(parts)).run.step;
    expect(stoppedAt).toBeGreaterThanOrEqual(100);
    expect(stoppedAt).toBeLessThan(30000);
    const [second, once] = await Promise.all([trainJson(text, '--resume', parts), trainJson(...fresh, whole)]);
    expect([...timeless(first), ...timeless(second)]).toEqual(timeless(once));
    await expectSameRun(whole, parts);
  });

  it('equals one that went on, from the last checkpoint before it was killed', async () => {
    const [whole, parts] = [path('unharmed'), path('killed')];
    const fresh = [text, ...SMALL, '--sample-every', '50', '--validation-fraction', '0.2', '--eval-every', '100'];
    const saving = ['--checkpoint', parts, '--checkpoint-every', '100'];
    const running = start('train', '--backend', 'pure', '--quiet', ...fresh, ...saving);
    await until(() => existsSync(parts), running);
    running.child.kill('SIGKILL');
    await running.finished;
    const { step } = (await loadCheckpoint(parts)).run;
    expect(step % 100).toBe(0);
    const limit = ['--steps', String(step + 130)];
    const [second, unharmed] = await Promise.all([
      trainJson(text, '--resume', parts, ...limit),
      trainJson(...fresh, ...limit, '--checkpoint', whole),
    ]);
    const after = timeless(unharmed).filter((event) => 'step' in event && Number(event.step) > step);
    expect(timeless(second)).toEqual(after);
    await expectSameRun(whole, parts);
  });

  it('ends with the exit code of another signal too, saved', async () => {
    const saved = path('terminated');
    const { child, printed, finished } = start(
      'train',
      text,
      ...SMALL,
      '--backend',
      'pure',
      '--json',
      '--checkpoint',
      saved,
    );
    await printed('"report"');
    child.kill('SIGTERM');
    expect((await finished).code).toBe(143);
    expect((await loadCheckpoint(saved)).run.step).toBeGreaterThanOrEqual(100);
  });
});
