import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { applySettings, chooseSettings, LARGE_STEP } from '../../src/backends/tensorflow/threads.js';

const SMALL = { batchSize: 1, hiddenSize: 100 };
const LARGE = { batchSize: 64, hiddenSize: 512 };

/** The environment after the settings were put into it. */
function environmentFor(size: typeof SMALL, threads?: number, before: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const environment = { ...before };
  applySettings(chooseSettings(size, threads), environment);
  return environment;
}

describe('the settings of TensorFlow', () => {
  it('are one thread without oneDNN for a small step', () => {
    expect(environmentFor(SMALL)).toMatchObject({
      TF_NUM_INTRAOP_THREADS: '1',
      TF_NUM_INTEROP_THREADS: '1',
      TF_ENABLE_ONEDNN_OPTS: '0',
    });
  });

  it('are all threads and oneDNN for a large step', () => {
    expect(environmentFor(LARGE)).toMatchObject({
      TF_NUM_INTRAOP_THREADS: String(availableParallelism()),
      TF_ENABLE_ONEDNN_OPTS: '1',
    });
  });

  it('are oneDNN from two streams on, and say so', () => {
    const [one, two] = [1, 2].map((batchSize) => chooseSettings({ batchSize, hiddenSize: 256 }));
    expect([one.oneDnn, two.oneDnn]).toEqual([false, true]);
    expect([one.reason, two.reason]).toEqual([
      expect.stringContaining('no oneDNN'),
      expect.stringContaining(': oneDNN'),
    ]);
  });

  it('are all threads where batch size x hidden size reaches the limit, and say so', () => {
    const below = chooseSettings({ batchSize: 1, hiddenSize: LARGE_STEP - 1 });
    const at = chooseSettings({ batchSize: 2, hiddenSize: LARGE_STEP / 2 });
    expect([below.intraOpThreads, at.intraOpThreads]).toEqual([1, availableParallelism()]);
    expect(below.reason).toContain(`${LARGE_STEP - 1} < ${LARGE_STEP}`);
    expect(at.reason).toContain(`${LARGE_STEP} >= ${LARGE_STEP}`);
  });

  it.each([SMALL, LARGE])('take the number of threads from --threads, with B $batchSize and H $hiddenSize', (size) => {
    expect(environmentFor(size, 3).TF_NUM_INTRAOP_THREADS).toBe('3');
    expect(chooseSettings(size, 3).oneDnn).toBe(chooseSettings(size).oneDnn);
  });

  it("leave what the user's environment says, --threads or not", () => {
    const before = { TF_NUM_INTRAOP_THREADS: '7', TF_ENABLE_ONEDNN_OPTS: '1', TF_CPP_MIN_LOG_LEVEL: '0', HOME: '/' };
    for (const threads of [undefined, 3]) {
      expect(environmentFor(SMALL, threads, before)).toEqual({ ...before, TF_NUM_INTEROP_THREADS: '1' });
    }
  });

  it('go into the environment of this process', () => {
    const names = ['TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS', 'TF_ENABLE_ONEDNN_OPTS', 'TF_CPP_MIN_LOG_LEVEL'];
    for (const name of names) Reflect.deleteProperty(process.env, name);
    applySettings(chooseSettings(SMALL, 2));
    expect(names.map((name) => process.env[name])).toEqual(['2', '1', '0', '2']);
  });
});
