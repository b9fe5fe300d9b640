import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/compile.ts',
    // TensorFlow reads its environment once a process: each test file gets its own.
    pool: 'forks',
    // For a machine of two slow processors that has other work.
    testTimeout: 240_000,
    hookTimeout: 300_000,
    maxConcurrency: 2,
    maxWorkers: 2,
  },
});
