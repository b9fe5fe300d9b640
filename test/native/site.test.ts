import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { installationFolder, locateSite } from '../../src/native/site.js';

afterEach(() => {
  vi.unstubAllEnvs();
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
});

describe('the folder of an installation', () => {
  const site = { ...locateSite(), cacheRoot: '/cache' };

  it('is named after version, platform and a key', () => {
    expect(installationFolder(site)).toMatch(/^\/cache\/tensorflow-2\.19\.0-(linux|darwin)-(x|arm)64-[0-9a-f]{8}$/);
  });

  it('is another for another wheel', () => {
    const otherWheel = { ...site, variant: { ...site.variant, sha256: 'f'.repeat(64) } };
    expect(installationFolder(otherWheel)).not.toBe(installationFolder(site));
  });

  it('is another for another patch of the binding', async () => {
    vi.resetModules();
    vi.doMock('../../src/native/binding-patch.js', () => ({ bindingPatchHash: 'of a better patch' }));
    const { installationFolder: folderOf } = await import('../../src/native/site.js');
    expect(folderOf(site)).not.toBe(installationFolder(site));
    vi.doUnmock('../../src/native/binding-patch.js');
  });
});
