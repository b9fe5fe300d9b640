import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { BINDING_NAME } from '../../src/native/binding.js';
import { writeManifest } from '../../src/native/manifest.js';
import { installationFolder, locateSite } from '../../src/native/site.js';
import { nativeStatus } from '../../src/native/status.js';
import { programName } from '../../src/system/invocation.js';
import { scratchFolder } from '../scratch-folder.js';

const DEVICES = ['cpu', 'gpu'] as const;

beforeEach(() => {
  vi.stubEnv('MIN_CHAR_RNN_CACHE', scratchFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
});

describe.runIf(`${process.platform}-${process.arch}` === 'linux-x64').each(DEVICES)(
  'TensorFlow for the device %s',
  (device) => {
    const setup = `${programName()} setup${device === 'gpu' ? ' --gpu' : ''}`;

    async function install(): Promise<string> {
      const site = locateSite(device);
      const folder = installationFolder(site);
      mkdirSync(folder);
      writeFileSync(join(folder, BINDING_NAME), 'a binding');
      await writeManifest(folder, site.variant);
      return folder;
    }

    it('is absent where it was never set up, with the command that does it', () => {
      expect(nativeStatus(device)).toEqual({
        kind: 'absent',
        reason: `${device === 'gpu' ? 'TensorFlow for CUDA' : "TensorFlow's native library"} is not set up; run ${setup}`,
      });
    });

    it('is absent where only another version has set it up, which is said', async () => {
      const folder = await install();
      renameSync(folder, `${folder.slice(0, -8)}00000000`);
      expect(nativeStatus(device)).toMatchObject({
        kind: 'absent',
        reason: expect.stringMatching(
          /is set up for another version of this program only; run .* setup( --gpu)?$/,
        ) as string,
      });
    });

    it('is found in the cache, without anything in node_modules', async () => {
      const folder = await install();
      expect(nativeStatus(device)).toEqual({ kind: 'ready', guarded: true, tensorflowVersion: '2.19.0', folder });
    });

    it('is absent where it is damaged, with the command that repairs it', async () => {
      const binding = join(await install(), BINDING_NAME);
      rmSync(binding);
      expect(nativeStatus(device)).toEqual({
        kind: 'absent',
        reason: `${binding} is missing or damaged; ${setup} repairs it`,
      });
    });
  },
);
