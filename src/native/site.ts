import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { cacheRoot } from '../system/cache-root.js';
import { UserError } from '../errors.js';
import { NODE_API_VERSION } from './binding.js';
import { bindingPatchHash } from './binding-patch.js';
import { findVariant, variantsFor } from './cuda-variants.js';
import { type NativeDevice, TFJS_NODE_VERSION, type WheelVariant } from './variants.js';

/** What is installed and where. */
export interface InstallSite {
  /** The user's cache folder of this program, which holds one folder an installation. */
  readonly cacheRoot: string;
  readonly variant: WheelVariant;
}

/**
 * The site of this machine, this user and this copy of the program.
 *
 * @throws UserError on platforms without a TensorFlow library.
 */
export function locateSite(device: NativeDevice = 'cpu'): InstallSite {
  const platform = `${process.platform}-${process.arch}`;
  const variant = findVariant(platform, device);
  if (variant === undefined) throw new UserError(unsupportedMessage(platform, device));
  return { cacheRoot: cacheRoot(), variant };
}

function unsupportedMessage(platform: string, device: NativeDevice): string {
  const known = variantsFor(device).map((variant) => `${variant.platform}${variant.tested ? '' : ' (untested)'}`);
  const what = device === 'gpu' ? 'TensorFlow for CUDA' : 'the native backend';
  return `${what} needs one of the platforms ${known.join(', ')}, this is ${platform}: use another backend`;
}

/** The folder of the cache for this installation: its key changes with everything that decides the binding. */
export function installationFolder({ cacheRoot: root, variant }: InstallSite): string {
  const { sha256, platform, device, version, companions } = variant;
  const ingredients = [sha256, platform, TFJS_NODE_VERSION, NODE_API_VERSION, bindingPatchHash];
  ingredients.push(...companions.map((wheel) => wheel.sha256));
  const key = createHash('sha256').update(JSON.stringify(ingredients)).digest('hex').slice(0, 8);
  return join(root, `${INSTALLATION_PREFIX}${version}-${platform}${device === 'gpu' ? '-gpu' : ''}-${key}`);
}

/** How the names of all installations begin, whatever version of this program made them. */
export const INSTALLATION_PREFIX = 'tensorflow-';

/** Whether a folder of the cache has such a name as an installation for this device, of any version of this program. */
export function isInstallationFor(device: NativeDevice, name: string): boolean {
  return name.startsWith(INSTALLATION_PREFIX) && name.includes('-gpu-') === (device === 'gpu');
}
