import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanCache } from '../../src/native/clean.js';
import { findVariant, gpuVariants, wheelsOf } from '../../src/native/cuda-variants.js';
import { install, type NativeInstallation } from '../../src/native/install.js';
import { inspectInstallation } from '../../src/native/manifest.js';
import { installationFolder, type InstallSite } from '../../src/native/site.js';
import { FakeMachine } from './fake-machine.js';

let machine: FakeMachine;
beforeEach(async () => {
  machine = await FakeMachine.create();
});
afterEach(() => machine.remove());

function run(site: InstallSite, reported: string[] = [], force = false): Promise<NativeInstallation> {
  const report = ({ message }: { message: string }) => void reported.push(message);
  return install(site, { report, force, command: { env: machine.env }, verify: () => Promise.resolve() });
}

describe('setup --gpu', () => {
  it('takes one matching set of wheels, for linux-x64 alone', () => {
    expect(findVariant('linux-x64', 'gpu')).toMatchObject({ project: 'tensorflow', version: '2.19.0', tested: false });
    expect(findVariant('linux-arm64', 'gpu')).toBeUndefined();
    expect(findVariant('darwin-arm64', 'gpu')).toBeUndefined();
    const wheels = wheelsOf(gpuVariants[0]);
    expect(wheels).toHaveLength(13);
    expect(new Set(wheels.map(({ sha256 }) => sha256)).size).toBe(13);
    expect(wheels.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256))).toBe(true);
  });

  it('installs beside the plain library, which stays as it is', async () => {
    await run(machine.site);
    const site = await machine.gpuSite();
    const reported: string[] = [];
    const installation = await run(site, reported);
    expect(installation.status).toBe('installed');
    expect(basename(installation.folder)).toMatch(/^tensorflow-2\.19\.0-linux-x64-gpu-[0-9a-f]{8}$/);
    expect(inspectInstallation(installationFolder(machine.site)).state).toBe('intact');
    expect(machine.cached).toHaveLength(2);
    expect(reported).toContain('3 wheels, 869 MB to download');
    expect(machine.calls.filter((call) => call.startsWith('pip nvidia') || call === 'pip tensorflow')).toEqual([
      'pip tensorflow',
      'pip nvidia-cuda-nvrtc-cu12',
      'pip nvidia-nccl-cu12',
    ]);
    await expect(run(site)).resolves.toMatchObject({ status: 'ready' });
  });

  it("lays NVIDIA's libraries where those of TensorFlow and each other look for them", async () => {
    const { folder } = await run(await machine.gpuSite());
    const read = (path: string) => readFileSync(join(folder, path), 'utf8');
    expect(read('lib/libnccl.so.2')).toBe('collectives');
    expect(read('nvidia/nvrtc/lib/libnvrtc.so.12')).toBe('a compiler');
  });

  it('is repaired where one of those is gone', async () => {
    const site = await machine.gpuSite();
    const { folder } = await run(site);
    rmSync(join(folder, 'nvidia/nccl/lib/libnccl.so.2'));
    await expect(run(site)).resolves.toMatchObject({ status: 'installed' });
    expect(existsSync(join(folder, 'lib/libnccl.so.2'))).toBe(true);
  });

  it('refuses one of the wheels that is not the expected one, and leaves nothing', async () => {
    const site = await machine.gpuSite();
    const [first, ...others] = site.variant.companions;
    const companions = [{ ...first, sha256: 'f'.repeat(64) }, ...others];
    await expect(run({ ...site, variant: { ...site.variant, companions } })).rejects.toThrow(
      /^nvidia-cuda-nvrtc-cu12\.whl must have the SHA-256 ffff/,
    );
    expect(machine.cached).toEqual([]);
  });
});

describe('an installation of another version', () => {
  /** An intact installation as an older binding would have left it: in another folder of the cache. */
  async function leaveOlder(site: InstallSite): Promise<string> {
    const { folder } = await run(site);
    const place = `${folder.slice(0, -8)}01234567`;
    renameSync(folder, place);
    return place;
  }

  it('gives its libraries, so that nothing is downloaded again', async () => {
    const before = await leaveOlder(machine.site);
    const reported: string[] = [];
    const { folder, status } = await run(machine.site, reported);
    expect(status).toBe('installed');
    expect(reported).toContain(`taking the libraries of ${basename(before)}`);
    expect(machine.calls.filter((call) => call === 'pip download')).toHaveLength(1);
    const library = (place: string) => statSync(join(place, 'lib/libtensorflow_cc.so.2'));
    expect(library(folder).ino).toBe(library(before).ino);
    expect(statSync(join(folder, 'tfjs_binding.node')).ino).not.toBe(statSync(join(before, 'tfjs_binding.node')).ino);
    await expect(run(machine.site)).resolves.toMatchObject({ status: 'ready' });
  });

  it.each([
    ['changed at the same size', false, (path: string) => writeFileSync(path, 'The framework')],
    ['not to be used', true, () => undefined],
  ])('gives nothing where it is %s', async (_why, force, change) => {
    const before = await leaveOlder(machine.site);
    change(join(before, 'lib/libtensorflow_framework.so.2'));
    const { folder } = await run(machine.site, [], force);
    expect(machine.calls.filter((call) => call === 'pip download')).toHaveLength(2);
    expect(readFileSync(join(folder, 'lib/libtensorflow_framework.so.2'), 'utf8')).toBe('the framework');
  });

  it('gives nothing where it is of other wheels', async () => {
    await leaveOlder(machine.site);
    await run(await machine.gpuSite());
    expect(machine.calls).toContain('pip tensorflow');
  });

  it('goes with setup --clean, which keeps the others and what is no installation', async () => {
    const before = await leaveOlder(machine.site);
    const { folder } = await run(machine.site);
    writeFileSync(join(machine.cacheRoot, 'speeds.json'), '[]');
    const removed = await cleanCache(machine.cacheRoot, [folder], { onWait: () => undefined });
    expect(removed.map((one) => one.folder)).toEqual([before]);
    // The libraries are the new one's now; only the old binding and its manifest were its own.
    expect(removed[0].bytes).toBeLessThan(5000);
    expect(machine.cached).toEqual(['speeds.json', basename(folder)]);
    await expect(run(machine.site)).resolves.toMatchObject({ status: 'ready' });
  });

  it('is not there in an empty cache', async () => {
    expect(await cleanCache(join(machine.root, 'nowhere'), [], { onWait: () => undefined })).toEqual([]);
  });
});
