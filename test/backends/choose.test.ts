import { describe, expect, it } from 'vitest';
import { chooseRuntime, LOADERS, type Preference, preferenceFor, SMALL_STEP } from '../../src/backends/choose.js';
import type { Runtime, RuntimeLoader, RuntimeRequest } from '../../src/backends/runtime.js';
import { UserError } from '../../src/errors.js';
import { BACKENDS, type BackendName } from '../../src/options/choices.js';

const request = { size: { batchSize: 2, hiddenSize: 3 }, device: undefined, threads: 5, compile: false };

/** Loaders of which only `available` succeed; `asked` notes which were called, and with what. */
function fakes(...available: BackendName[]) {
  const asked: unknown[] = [];
  const loader = (backend: BackendName): RuntimeLoader => {
    return (given) => {
      asked.push([backend, given]);
      if (!available.includes(backend)) return Promise.resolve({ backend, reason: `${backend} is broken; repair it` });
      return Promise.resolve({ backend, description: `fake ${backend}` } as Runtime);
    };
  };
  const loaders = Object.fromEntries(BACKENDS.map((backend) => [backend, loader(backend)]));
  return { loaders: loaders as Record<BackendName, RuntimeLoader>, asked };
}

/** As `chooseRuntime`, of these loaders. */
function choose(
  wanted: BackendName | 'auto',
  given: RuntimeRequest,
  loaders: Record<BackendName, RuntimeLoader>,
  preference?: Preference,
) {
  return chooseRuntime(wanted, given, preference, loaders);
}

const large = { ...request, size: { batchSize: 8, hiddenSize: 256 } };

describe('--backend auto', () => {
  it('takes wasm for small steps, and loads nothing else', async () => {
    const { loaders, asked } = fakes('tensorflow', 'wasm', 'pure');
    const { runtime, reason } = await choose('auto', request, loaders);
    expect(runtime.backend).toBe('wasm');
    expect(reason).toBe('small steps: batch size x hidden size x (hidden size + vocabulary / 2) = 18 < 131072');
    expect(asked).toEqual([['wasm', request]]);
  });

  it('takes tensorflow for large ones', async () => {
    const { loaders, asked } = fakes('tensorflow', 'wasm', 'pure');
    const { runtime, reason } = await choose('auto', large, loaders);
    expect(runtime.backend).toBe('tensorflow');
    expect(reason).toBe('large steps: batch size x hidden size x (hidden size + vocabulary / 2) = 524288 >= 131072');
    expect(asked).toHaveLength(1);
  });

  it('changes from one to the other at the measured size', () => {
    const first = (batchSize: number) => preferenceFor({ batchSize, hiddenSize: 1 }).candidates[0].backend;
    expect([first(SMALL_STEP - 1), first(SMALL_STEP)]).toEqual(['wasm', 'tensorflow']);
  });

  it('takes wasm for a single stream of any hidden size, unless the vocabulary is large', () => {
    const first = (hiddenSize: number, vocabularySize: number) =>
      preferenceFor({ batchSize: 1, hiddenSize, vocabularySize });
    expect([first(2000, 65), first(100, 4000)].map(({ candidates }) => candidates[0].backend)).toEqual([
      'wasm',
      'tensorflow',
    ]);
    expect(first(512, 65).reason).toBe('small steps: hidden size x vocabulary / 2 = 16640 < 131072');
  });

  it('counts a large vocabulary among the work', () => {
    const first = (vocabularySize: number) =>
      preferenceFor({ batchSize: 6, hiddenSize: 100, vocabularySize }).candidates[0].backend;
    expect([first(10), first(4000)]).toEqual(['wasm', 'tensorflow']);
  });

  it('takes the next where the best does not run, and says what stopped it', async () => {
    const { runtime, reason } = await choose('auto', large, fakes('wasm', 'pure').loaders);
    expect(runtime.backend).toBe('wasm');
    expect(reason).toBe('tensorflow cannot run here: tensorflow is broken; repair it');
  });

  it('never takes webgpu, which may be slower than the processor', async () => {
    const { loaders, asked } = fakes('webgpu', 'pure');
    expect((await choose('auto', request, loaders)).runtime.backend).toBe('pure');
    expect(asked.map((entry) => (entry as [string])[0])).toEqual(['wasm', 'tensorflow', 'pure']);
  });

  it('else takes the pure version and says what stopped both', async () => {
    const { runtime, reason } = await choose('auto', large, fakes('pure').loaders);
    expect(runtime.backend).toBe('pure');
    expect(reason).toMatch(/^tensorflow cannot run here: .*, and wasm cannot run here: wasm is broken; repair it$/);
  });

  it('loads nothing whose memory the sizes exceed, and takes the next', async () => {
    const size = { batchSize: 1100, seqLength: 500, hiddenSize: 256, vocabularySize: 65 };
    const { loaders, asked } = fakes('wasm', 'pure');
    const { runtime, reason } = await choose('auto', { ...request, size }, loaders);
    expect(runtime.backend).toBe('pure');
    expect(reason).toMatch(
      /and wasm cannot run here: it needs 4\.2 GiB for these sizes, but WebAssembly has 4\.0 GiB at most$/,
    );
    expect(asked.map((entry) => (entry as [string])[0])).toEqual(['tensorflow', 'pure']);
    await expect(choose('wasm', { ...request, size }, loaders)).rejects.toThrow(
      'at most; take a smaller batch, window or model, or use --backend auto',
    );
  });

  it('takes none where no memory suffices', async () => {
    const size = { batchSize: 1e5, seqLength: 1e5, hiddenSize: 1e4, vocabularySize: 65 };
    const choice = choose('auto', { ...request, size }, fakes('tensorflow', 'wasm', 'pure').loaders);
    await expect(choice).rejects.toThrow(UserError);
    await expect(choice).rejects.toThrow(
      /^--backend auto must run .* tensorflow .* wasm .* pure .*; take a smaller batch, window or model$/,
    );
  });

  it('follows a preference, device and all', async () => {
    const { loaders, asked } = fakes('tensorflow', 'wasm', 'pure');
    const preference = { candidates: [{ backend: 'tensorflow', device: 'gpu' }] as const, reason: 'measured' };
    const { reason } = await choose('auto', request, loaders, preference);
    expect(reason).toBe('measured');
    expect(asked).toEqual([['tensorflow', { ...request, device: 'gpu' }]]);
    await choose('auto', { ...request, device: 'cpu' }, loaders, preference);
    expect(asked[1]).toEqual(['tensorflow', { ...request, device: 'cpu' }]);
  });
});

describe('--device', () => {
  it('gpu asks for tensorflow, and for nothing else where that fails', async () => {
    const { loaders, asked } = fakes('wasm', 'pure');
    const choice = choose('auto', { ...request, device: 'gpu' }, loaders);
    await expect(choice).rejects.toThrow(
      '--device gpu must run on this machine, but tensorflow cannot run here: tensorflow is broken; repair it; or leave it out',
    );
    expect(asked).toHaveLength(1);
  });

  it('asks for webgpu by any other name than cpu and auto', async () => {
    const { loaders, asked } = fakes('webgpu', 'wasm', 'pure');
    const named = { ...request, device: 'nvidia' };
    const { runtime, reason } = await choose('auto', named, loaders);
    expect([runtime.backend, reason]).toEqual(['webgpu', 'as asked for']);
    expect(asked).toEqual([['webgpu', named]]);
    for (const device of ['cpu', 'auto']) {
      expect((await choose('auto', { ...request, device }, loaders)).runtime.backend).toBe('wasm');
    }
    await expect(choose('auto', named, fakes('wasm', 'pure').loaders)).rejects.toThrow(
      '--device nvidia must run on this machine, but webgpu cannot run here: webgpu is broken; repair it; or leave it out',
    );
  });

  it('contradicts a backend without devices', async () => {
    const choice = choose('wasm', { ...request, device: 'gpu' }, fakes('wasm').loaders);
    await expect(choice).rejects.toThrow(
      "--device must be cpu with --backend wasm, but got 'gpu'; leave one of the two",
    );
    const { runtime } = await choose('wasm', { ...request, device: 'cpu' }, fakes('wasm').loaders);
    expect(runtime.backend).toBe('wasm');
  });
});

describe('--backend NAME', () => {
  it.each(BACKENDS)('takes %s alone', async (backend) => {
    const { loaders, asked } = fakes(...BACKENDS);
    const { runtime, reason } = await choose(backend, request, loaders);
    expect(runtime.backend).toBe(backend);
    expect(reason).toBe('as asked for');
    expect(asked).toEqual([[backend, request]]);
  });

  it.each(['tensorflow', 'webgpu', 'wasm'] as const)(
    'is a mistake of the user when %s cannot run here',
    async (backend) => {
      const { loaders, asked } = fakes('pure');
      const choice = choose(backend, request, loaders);
      await expect(choice).rejects.toThrow(UserError);
      await expect(choice).rejects.toThrow(
        `--backend ${backend} must run on this machine, but ${backend} cannot run here: ${backend} is broken; repair it; ` +
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
