import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/compile.ts', 'test/consumer/prepare.ts'],
    // TensorFlow reads its environment once a process: each test file gets its own.
    pool: 'forks',
    // For a machine of two slow processors that has other work.
    testTimeout: 240_000,
    hookTimeout: 300_000,
    maxConcurrency: 2,
    // Tests start processes that compute, some on all processors.
    maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
  },
});
