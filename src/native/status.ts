import { readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { bindingPatchHash } from './binding-patch.js';
import { inspectInstallation } from './manifest.js';
import { UserError } from '../errors.js';
import { bindingPlace, findTfjsNode, installationFolder, locateSite } from './site.js';

/** Whether the native library can be loaded, and whether signals are safe with it. */
export type NativeStatus =
  | { readonly kind: 'ready'; readonly guarded: true; readonly tensorflowVersion: string; readonly folder: string }
  /** A binding that this program did not build: signals may crash it. */
  | { readonly kind: 'foreign'; readonly guarded: false; readonly binding: string }
  | { readonly kind: 'absent'; readonly reason: string };

/** The same of TensorFlow with CUDA, which only this program sets up. */
export type GpuStatus = Exclude<NativeStatus, { kind: 'foreign' }>;

/** Looks at the binding that tfjs-node would load, without loading it: takes milliseconds, changes nothing. */
export function nativeStatus(): NativeStatus {
  const tfjsNode = findTfjsNode();
  return tfjsNode === undefined
    ? { kind: 'absent', reason: 'the package @tensorflow/tfjs-node is not installed' }
    : statusOf(bindingPlace(tfjsNode));
}

/**
 * Looks at TensorFlow with CUDA, which lies beside, linked nowhere: it is loaded only where a GPU is asked for. Its
 * reasons say what to do.
 */
export function gpuStatus(): GpuStatus {
  try {
    const folder = installationFolder(locateSite('gpu'));
    const inspection = inspectInstallation(folder);
    if (inspection.state === 'intact') {
      return { kind: 'ready', guarded: true, tensorflowVersion: inspection.manifest.tensorflowVersion, folder };
    }
    const reason = inspection.state === 'damaged' ? `${inspection.reason}; setup --gpu repairs it` : NO_CUDA;
    return { kind: 'absent', reason };
  } catch (error) {
    if (error instanceof UserError) return { kind: 'absent', reason: error.message };
    throw error;
  }
}

/** Why the binding in place is not used: it lacks what this version changes in it, or has what it does not want. */
export const OUTDATED =
  'the native library was set up by another version of this program, and setup renews it in seconds';

const NO_CUDA = 'TensorFlow for CUDA is not set up; run setup --gpu';

/** The status of the binding at `place`, tfjs-node's file or link. */
export function statusOf(place: string): NativeStatus {
  const binding = realPath(place);
  if (binding === undefined) return { kind: 'absent', reason: absenceOf(place) };
  const folder = dirname(binding);
  const inspection = inspectInstallation(folder);
  switch (inspection.state) {
    case 'intact':
      if (inspection.manifest.patch !== bindingPatchHash) return { kind: 'absent', reason: OUTDATED };
      return { kind: 'ready', guarded: true, tensorflowVersion: inspection.manifest.tensorflowVersion, folder };
    case 'damaged':
      return { kind: 'absent', reason: inspection.reason };
    case 'absent':
      return statSync(binding).size > 0
        ? { kind: 'foreign', guarded: false, binding }
        : { kind: 'absent', reason: `${binding} is empty` };
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function absenceOf(place: string): string {
  try {
    return `${readlinkSync(place)} is gone`;
  } catch {
    return 'the native TensorFlow library is not set up';
  }
}
