import { describe, expect, it } from 'vitest';
import { chooseRuntime, LOADERS } from '../../src/backends/choose.js';
import type { Runtime, RuntimeLoader } from '../../src/backends/runtime.js';
import { BACKENDS, type BackendName } from '../../src/engine.js';
import { UserError } from '../../src/errors.js';

const request = { size: { batchSize: 2, hiddenSize: 3 }, threads: 5, compile: false };

/** Loaders of which only `available` succeed; `asked` notes which were called, and with what. */
function fakes(...available: BackendName[]) {
  const asked: unknown[] = [];
  const loader = (backend: BackendName): RuntimeLoader => {
    return (given) => {
      asked.push([backend, given]);
      if (!available.includes(backend)) return Promise.resolve({ backend, reason: `${backend} is broken; mend it` });
      return Promise.resolve({ backend, description: `fake ${backend}` } as Runtime);
    };
  };
  const loaders = Object.fromEntries(BACKENDS.map((backend) => [backend, loader(backend)]));
  return { loaders: loaders as Record<BackendName, RuntimeLoader>, asked };
}

describe('--backend auto', () => {
  it('takes tensorflow where it runs, and loads nothing else', async () => {
    const { loaders, asked } = fakes(...BACKENDS);
    const { runtime, reason } = await chooseRuntime('auto', request, loaders);
    expect(runtime.backend).toBe('tensorflow');
    expect(reason).toBe('the fastest that runs here');
    expect(asked).toEqual([['tensorflow', request]]);
  });

  it('else takes wasm and says what stopped tensorflow', async () => {
    const { loaders, asked } = fakes('wasm', 'pure');
    const { runtime, reason } = await chooseRuntime('auto', request, loaders);
    expect(runtime.backend).toBe('wasm');
    expect(reason).toBe('tensorflow cannot run here: tensorflow is broken; mend it');
    expect(asked).toHaveLength(2);
  });

  it('never takes webgpu, which may be slower than the processor', async () => {
    const { loaders, asked } = fakes('webgpu', 'pure');
    expect((await chooseRuntime('auto', request, loaders)).runtime.backend).toBe('pure');
    expect(asked.map((entry) => (entry as [string])[0])).toEqual(['tensorflow', 'wasm', 'pure']);
  });

  it('else takes the pure version and says what stopped both', async () => {
    const { runtime, reason } = await chooseRuntime('auto', request, fakes('pure').loaders);
    expect(runtime.backend).toBe('pure');
    expect(reason).toMatch(/^tensorflow cannot run here: .*, and wasm cannot run here: wasm is broken; mend it$/);
  });
});

describe('--backend NAME', () => {
  it.each(BACKENDS)('takes %s alone', async (backend) => {
    const { loaders, asked } = fakes(...BACKENDS);
    const { runtime, reason } = await chooseRuntime(backend, request, loaders);
    expect(runtime.backend).toBe(backend);
    expect(reason).toBe('as asked for');
    expect(asked).toEqual([[backend, request]]);
  });

  it.each(['tensorflow', 'webgpu', 'wasm'] as const)(
    'is a mistake of the user when %s cannot run here',
    async (backend) => {
      const { loaders, asked } = fakes('pure');
      const choice = chooseRuntime(backend, request, loaders);
      await expect(choice).rejects.toThrow(UserError);
      await expect(choice).rejects.toThrow(
        `--backend ${backend} must run on this machine, but ${backend} cannot run here: ${backend} is broken; mend it; ` +
          'or use --backend auto',
      );
      expect(asked).toHaveLength(1);
    },
  );

  it('always has the pure version', async () => {
    const { runtime } = await chooseRuntime('pure', request);
    expect(runtime).toMatchObject({ backend: 'pure', version: process.versions.node });
    expect(Object.keys(LOADERS)).toEqual([...BACKENDS]);
  });
});
