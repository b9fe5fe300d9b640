import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, in an order in which one that installs runs beside one that computes. */
const LONGEST = [
  'consumer/installs',
  'trainer/resume-webgpu',
  'consumer/nodes',
  'cluster/cluster',
  'consumer/setup',
  'model/parity-webgpu',
  'pages/dashboard',
  'benchmarks/main',
  'pages/model',
];

/** Runs the longest files first: at the end they would leave processors without work. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return index < 0 ? LONGEST.length : index;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/compile.ts', 'test/consumer/prepare.ts'],
    // TensorFlow reads its environment once a process: each test file gets its own.
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    // For a machine of two slow processors that has other work.
    testTimeout: 240_000,
    hookTimeout: 300_000,
    maxConcurrency: 2,
    // Tests start processes that compute, some on all processors.
    maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
  },
});
