import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type AdapterList,
  chooseAdapter,
  installAdvice,
  listAdapters,
  normalizedName,
  parseAdapters,
} from '../../src/backends/webgpu/adapters.js';

const LISTED = `no suitable backends found
Available adapters:
 * backend: 'vulkan', name: 'Radeon (TM) RX 6800'
 * backend: 'vulkan', name: 'Intel's Arc'
`;

const two: AdapterList = {
  adapters: [
    { name: 'Radeon (TM) RX 6800', api: 'vulkan' },
    { name: "Intel's Arc", api: 'vulkan' },
  ],
  complaint: undefined,
};

describe('the list of adapters', () => {
  it('is read from what Dawn says when asked for one that cannot be', () => {
    expect(parseAdapters(LISTED, 'Warning: one of two drivers is old\n')).toEqual(two);
  });

  it('is empty with the first line of complaint where Dawn names none', () => {
    const stderr = '\nWarning: vkCreateInstance: Found no drivers!\n    at CheckVkSuccessImpl (VulkanError.cpp:106)\n';
    expect(parseAdapters('', stderr)).toEqual({ adapters: [], complaint: 'vkCreateInstance: Found no drivers!' });
    expect(parseAdapters('', '')).toEqual({ adapters: [], complaint: undefined });
  });

  it('has names that Dawn writes in its own form in the information of an adapter', () => {
    expect(normalizedName('SwiftShader Device (Subzero)')).toBe('swiftshader-device-subzero-');
  });

  describe('on a machine', () => {
    afterEach(() => vi.unstubAllEnvs());

    it.runIf(process.platform === 'linux')('is empty with a complaint where there is no driver', async () => {
      vi.stubEnv('VK_ICD_FILENAMES', '/nowhere/driver.json');
      vi.stubEnv('VK_DRIVER_FILES', '/nowhere/driver.json');
      const { adapters, complaint } = await listAdapters();
      expect(adapters).toEqual([]);
      expect(complaint).toMatch(/driver|libvulkan/i);
    });
  });
});

describe('--device', () => {
  it.each(['auto', 'gpu'])('%s takes the fastest adapter', (device) => {
    expect(chooseAdapter(device, two)).toEqual({ flags: [], request: { powerPreference: 'high-performance' } });
  });

  it('cpu takes a software adapter', () => {
    expect(chooseAdapter('cpu', two)).toEqual({ flags: [], request: { forceFallbackAdapter: true } });
  });

  it('takes the adapter whose name contains the text, whatever its case', () => {
    const flags = ['backend=vulkan', "adapter=Intel's Arc"];
    expect(chooseAdapter('intel', two)).toEqual({ flags, request: {} });
  });

  it('is refused with the names there are where none contains the text', () => {
    expect(chooseAdapter('geforce', two)).toBe(
      "no adapter's name contains 'geforce'; choose from 'Radeon (TM) RX 6800' (vulkan), 'Intel's Arc' (vulkan)",
    );
  });

  it('is refused with the complaint and what to install where there is no adapter', () => {
    expect(chooseAdapter('auto', { adapters: [], complaint: 'Found no drivers!' })).toBe(
      `no graphics adapter was found (Found no drivers!); ${installAdvice()}`,
    );
    expect(chooseAdapter('auto', { adapters: [], complaint: undefined })).toBe(
      `no graphics adapter was found; ${installAdvice()}`,
    );
    expect(installAdvice('linux')).toContain('VK_ICD_FILENAMES');
    expect(installAdvice('darwin')).not.toContain('VK_ICD_FILENAMES');
  });
});
