import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cacheRoot } from '../system/cache-root.js';
import { UserError } from '../errors.js';
import { BINDING_NAME, NODE_API_VERSION } from './binding.js';
import { bindingPatchHash } from './binding-patch.js';
import { findVariant, variantsFor } from './cuda-variants.js';
import { type NativeDevice, TFJS_NODE_VERSION, type WheelVariant } from './variants.js';

/** What is installed and where: everything that decides an installation. */
export interface InstallSite {
  /** The user's cache folder of this program, which holds one folder an installation. */
  readonly cacheRoot: string;
  /** The folder of the package `@tensorflow/tfjs-node` that gets the binding. */
  readonly tfjsNodeFolder: string;
  readonly variant: WheelVariant;
}

/**
 * The site of this machine, this user and this copy of the program.
 *
 * @throws UserError on platforms without a TensorFlow library, and where tfjs-node is missing or of another version.
 */
export function locateSite(device: NativeDevice = 'cpu'): InstallSite {
  const platform = `${process.platform}-${process.arch}`;
  const variant = findVariant(platform, device);
  if (variant === undefined) throw new UserError(unsupportedMessage(platform, device));
  return { cacheRoot: cacheRoot(), tfjsNodeFolder: requireTfjsNode(), variant };
}

function unsupportedMessage(platform: string, device: NativeDevice): string {
  const known = variantsFor(device).map((variant) => `${variant.platform}${variant.tested ? '' : ' (untested)'}`);
  const what = device === 'gpu' ? 'TensorFlow for CUDA' : 'the native backend';
  return `${what} needs one of the platforms ${known.join(', ')}, this is ${platform}: use another backend`;
}

/** The folder of the installed `@tensorflow/tfjs-node`, wherever this package's dependencies are; or undefined. */
export function findTfjsNode(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json'));
  } catch {
    return undefined;
  }
}

function requireTfjsNode(): string {
  const folder = findTfjsNode();
  const version = folder === undefined ? 'none' : versionOf(folder);
  if (folder !== undefined && version === TFJS_NODE_VERSION) return folder;
  throw new UserError(
    `the native backend needs @tensorflow/tfjs-node ${TFJS_NODE_VERSION}, found ${version}: ` +
      `run npm install --ignore-scripts @tensorflow/tfjs-node@${TFJS_NODE_VERSION}`,
  );
}

function versionOf(folder: string): string {
  const description: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const known = typeof description === 'object' && description !== null && 'version' in description;
  return known ? String(description.version) : 'an unknown version';
}

/** The place where tfjs-node looks for its binding. */
export function bindingPlace(tfjsNodeFolder: string): string {
  return join(tfjsNodeFolder, 'lib', `napi-v${NODE_API_VERSION}`, BINDING_NAME);
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
