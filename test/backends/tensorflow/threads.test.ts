import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import {
  applySettings,
  chooseSettings,
  LARGE_STEP,
  shardCount,
  shardsInUse,
} from '../../../src/backends/tensorflow/threads.js';

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

  it('are a shard for each thread, and oneDNN, for a large step', () => {
    expect(environmentFor(LARGE)).toMatchObject({
      TF_NUM_INTRAOP_THREADS: '1',
      TF_NUM_INTEROP_THREADS: String(Math.min(32, availableParallelism())),
      TF_ENABLE_ONEDNN_OPTS: '1',
    });
    expect(chooseSettings(LARGE, 8).reason).toContain('64 streams in 8 shards');
    expect(chooseSettings(SMALL, 8).reason).toContain('too small to be cut');
  });

  it('are oneDNN from two streams on, and say so', () => {
    const [one, two] = [1, 2].map((batchSize) => chooseSettings({ batchSize, hiddenSize: 256 }));
    expect([one.oneDnn, two.oneDnn]).toEqual([false, true]);
    expect([one.reason, two.reason]).toEqual([
      expect.stringContaining('too small for oneDNN'),
      expect.stringContaining('large enough for oneDNN'),
    ]);
  });

  it('cut shards of two streams and of batch size x hidden size 512 at least', () => {
    const counts = [[1, 4096], [2, 100], [3, 4096], [4, 100], [8, 128], [16, 100], [64, 512]]; // prettier-ignore
    expect(counts.map(([batchSize, hiddenSize]) => shardCount({ batchSize, hiddenSize }, 8))).toEqual(
      [1, 1, 1, 1, 2, 3, 8], // prettier-ignore
    );
    expect(shardCount(LARGE, 1)).toBe(1);
  });

  it('cut as many shards as TensorFlow has threads for', () => {
    expect(shardsInUse(LARGE, { TF_NUM_INTEROP_THREADS: '3' })).toBe(3);
    expect(shardsInUse(LARGE, { TF_NUM_INTEROP_THREADS: '0' })).toBe(Math.min(32, availableParallelism()));
  });

  it('cut none op by op, where threads inside an op are used for large steps', () => {
    const [below, at] = [LARGE_STEP - 1, LARGE_STEP].map((hiddenSize) =>
      chooseSettings({ batchSize: 1, hiddenSize }, undefined, false),
    );
    expect([below.intraOpThreads, at.intraOpThreads]).toEqual([1, availableParallelism()]);
    expect(chooseSettings(LARGE, 2, false)).toMatchObject({ intraOpThreads: 2, interOpThreads: 1 });
  });

  it('take the number of threads from --threads: for shards, or inside an op where there are none', () => {
    expect(environmentFor(SMALL, 3)).toMatchObject({ TF_NUM_INTRAOP_THREADS: '3', TF_NUM_INTEROP_THREADS: '1' });
    expect(environmentFor(LARGE, 3)).toMatchObject({ TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '3' });
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
