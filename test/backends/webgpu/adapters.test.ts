import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type AdapterList,
  chooseAdapter,
  installAdvice,
  listAdapters,
  normalizedName,
  parseAdapters,
} from '../../../src/backends/webgpu/adapters.js';

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
};

describe('the list of adapters', () => {
  it('is read from what Dawn says when asked for one that cannot be', () => {
    expect(parseAdapters(LISTED, 'Warning: one of two drivers is old\n')).toEqual(two);
  });

  it('is empty with the first line of complaint where Dawn names none', () => {
    const stderr = '\nWarning: vkCreateInstance: Found no drivers!\n    at CheckVkSuccessImpl (VulkanError.cpp:106)\n';
    expect(parseAdapters('', stderr)).toEqual({
      adapters: [],
      absence: `no graphics adapter was found (vkCreateInstance: Found no drivers!); ${installAdvice()}`,
    });
    expect(parseAdapters('', '')).toEqual({
      adapters: [],
      absence: `no graphics adapter was found; ${installAdvice()}`,
    });
  });

  it('has names that Dawn writes in its own form in the information of an adapter', () => {
    expect(normalizedName('SwiftShader Device (Subzero)')).toBe('swiftshader-device-subzero-');
  });

  describe('on a machine', () => {
    afterEach(() => vi.unstubAllEnvs());

    it.runIf(process.platform === 'linux')('is empty with a complaint where there is no driver', async () => {
      vi.stubEnv('VK_ICD_FILENAMES', '/nowhere/driver.json');
      vi.stubEnv('VK_DRIVER_FILES', '/nowhere/driver.json');
      const { adapters, absence } = await listAdapters();
      expect(adapters).toEqual([]);
      expect(absence).toMatch(/^no graphics adapter was found \(.*(driver|libvulkan).*\); /i);
    });
  });
});

describe('the list where Dawn', () => {
  const dawn = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;

  it('does not load says so, with the line that tells why', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dawn '));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const binary = join(folder, 'dawn.node');
    writeFileSync(binary, 'no library');
    const { adapters, absence } = await listAdapters(
      dawn(`import { createRequire } from 'node:module'; createRequire('file:///')(${JSON.stringify(binary)});`),
    );
    expect(adapters).toEqual([]);
    expect(absence).toMatch(/^Dawn does not load \(Error: .*dawn\.node.*\); install its package again: npm ci$/);
  });

  it('asks for a display gives no complaint that there is none', async () => {
    vi.stubEnv('XDG_RUNTIME_DIR', undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    // As libwayland does.
    const { absence } = await listAdapters(
      dawn(`if (!process.env.XDG_RUNTIME_DIR?.startsWith('/')) console.error('error: XDG_RUNTIME_DIR is invalid');
        export const create = () => ({ requestAdapter: async () => null });`),
    );
    expect(absence).toBe(`no graphics adapter was found; ${installAdvice()}`);
  });

  it('never answers says so', async () => {
    const { absence } = await listAdapters(dawn('setInterval(() => {}, 1000); await new Promise(() => {});'), 1000);
    expect(absence).toMatch(/^Dawn did not list the graphics adapters within 1 s; try again .*, or .*driver/);
  });

  it('is ended by a signal says which', async () => {
    const { absence } = await listAdapters(dawn("process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {});"));
    expect(absence).toMatch(/^no graphics adapter was found \(the driver ended its process with SIGSEGV\); /);
  });
});

describe('--device', () => {
  it.each(['auto', 'gpu'])('%s asks for high performance', (device) => {
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

  it('is refused with the reason and what to install where there is no adapter', () => {
    expect(chooseAdapter('auto', { adapters: [], absence: 'there is none; buy one' })).toBe('there is none; buy one');
    expect(installAdvice('linux')).toContain('VK_ICD_FILENAMES');
    expect(installAdvice('darwin')).not.toContain('VK_ICD_FILENAMES');
  });
});
