import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findTfjsNode, installationFolder, locateSite } from '../../src/native/site.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.doUnmock('node:module');
  vi.resetModules();
});

describe('the site of this machine', () => {
  it('is in the cache folder that MIN_CHAR_RNN_CACHE names, made absolute', () => {
    vi.stubEnv('MIN_CHAR_RNN_CACHE', 'some/cache');
    expect(locateSite().cacheRoot).toBe(join(process.cwd(), 'some/cache'));
  });

  it("is else in the user's cache folder", () => {
    vi.stubEnv('MIN_CHAR_RNN_CACHE', '');
    expect(locateSite().cacheRoot).toMatch(/min-char-rnn$/);
  });

  it('refuses a platform that TensorFlow has no library for, and names those it has', () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform') ?? {};
    Object.defineProperty(process, 'platform', { ...platform, value: 'win32' });
    try {
      expect(locateSite).toThrow(/linux-x64, linux-arm64 \(untested\), .* this is win32-\w+: use another backend$/);
    } finally {
      Object.defineProperty(process, 'platform', platform);
    }
  });

  it('says how to install tfjs-node where it is missing', async () => {
    vi.resetModules();
    const resolve = (): never => {
      throw new Error('not found');
    };
    vi.doMock('node:module', () => ({ createRequire: () => ({ resolve }) }));
    const { locateSite: locate } = await import('../../src/native/site.js');
    const { nativeStatus } = await import('../../src/native/status.js');
    expect(locate).toThrow(/needs @tensorflow\/tfjs-node 4\.22\.0, found none: run npm install --ignore-scripts/);
    expect(nativeStatus()).toMatchObject({
      kind: 'absent',
      reason: expect.stringContaining('not installed') as string,
    });
  });
});

describe('the folder of an installation', () => {
  const site = { ...locateSite(), cacheRoot: '/cache' };

  it('is named after version, platform and a key', () => {
    expect(installationFolder(site)).toMatch(/^\/cache\/tensorflow-2\.19\.0-(linux|darwin)-(x|arm)64-[0-9a-f]{8}$/);
  });

  it('is another for another wheel, and the same for another copy of tfjs-node', () => {
    const otherWheel = { ...site, variant: { ...site.variant, sha256: 'f'.repeat(64) } };
    expect(installationFolder(otherWheel)).not.toBe(installationFolder(site));
    expect(installationFolder({ ...site, tfjsNodeFolder: '/another/clone' })).toBe(installationFolder(site));
  });

  it('is another for another patch of the binding', async () => {
    vi.resetModules();
    vi.doMock('../../src/native/binding-patch.js', () => ({ bindingPatchHash: 'of a better patch' }));
    const { installationFolder: folderOf } = await import('../../src/native/site.js');
    expect(folderOf(site)).not.toBe(installationFolder(site));
    vi.doUnmock('../../src/native/binding-patch.js');
  });
});

it('finds tfjs-node among the dependencies', () => {
  expect(findTfjsNode()).toMatch(/node_modules\/@tensorflow\/tfjs-node$/);
});
