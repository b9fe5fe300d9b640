import { describe, expect, it } from 'vitest';
import type { Runtime, RuntimeLoader, RuntimeRequest } from '../../src/backends/runtime.js';
import { isUnavailable } from '../../src/backends/runtime.js';

/**
 * Describes what needs a backend that may be missing: it is skipped with the reason where the backend cannot run, and
 * fails where `CI` is set. The backend is TensorFlow.js's active one in `body`. Call this once in a test file: a backend
 * and its settings belong to the process.
 */
export async function describeBackend(
  subject: string,
  load: RuntimeLoader,
  request: RuntimeRequest,
  body: (runtime: Runtime) => void,
): Promise<void> {
  const loaded = await load(request);
  if (!isUnavailable(loaded)) {
    if (loaded.backend !== 'pure') await (await import('@tensorflow/tfjs-core')).setBackend(loaded.backend);
    describe(subject, () => body(loaded));
  } else if (process.env.CI) {
    it(`${subject}: ${loaded.backend} runs here`, () => expect.fail(loaded.reason));
  } else {
    it.skip(`${subject} (skipped: ${loaded.reason})`);
  }
}
