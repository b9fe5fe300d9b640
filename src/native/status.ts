import { dirname } from 'node:path';
import { UserError } from '../errors.js';
import { programName } from '../system/invocation.js';
import { namesIn } from '../system/unfinished.js';
import { inspectInstallation } from './manifest.js';
import { isInstallationFor, installationFolder, locateSite } from './site.js';
import type { NativeDevice } from './variants.js';

/** Whether the native library can be loaded; then signals are safe with it. `reason` also says what to do. */
export type NativeStatus =
  | { readonly kind: 'ready'; readonly guarded: true; readonly tensorflowVersion: string; readonly folder: string }
  | { readonly kind: 'absent'; readonly reason: string };

/**
 * Looks for TensorFlow in the user's cache, where `setup` puts it, without loading it: takes milliseconds, changes
 * nothing. TensorFlow with CUDA, for the device `gpu`, lies beside the plain one.
 */
export function nativeStatus(device: NativeDevice = 'cpu'): NativeStatus {
  try {
    const folder = installationFolder(locateSite(device));
    const inspection = inspectInstallation(folder);
    if (inspection.state === 'intact') {
      return { kind: 'ready', guarded: true, tensorflowVersion: inspection.manifest.tensorflowVersion, folder };
    }
    const setup = `${programName()} setup${device === 'gpu' ? ' --gpu' : ''}`;
    if (inspection.state === 'damaged') return { kind: 'absent', reason: `${inspection.reason}; ${setup} repairs it` };
    return { kind: 'absent', reason: `${whyAbsent(folder, device)}; run ${setup}` };
  } catch (error) {
    if (error instanceof UserError) return { kind: 'absent', reason: error.message };
    throw error;
  }
}

const NAMES: Readonly<Record<NativeDevice, string>> = {
  cpu: "TensorFlow's native library",
  gpu: 'TensorFlow for CUDA',
};

function whyAbsent(folder: string, device: NativeDevice): string {
  const others = namesIn(dirname(folder)).some((name) => isInstallationFor(device, name));
  return `${NAMES[device]} is ${others ? 'set up for another version of this program only' : 'not set up'}`;
}
