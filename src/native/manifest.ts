import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../errors.js';
import { BINDING_NAME } from './binding.js';
import { sha256Of } from '../system/hash.js';
import { TFJS_NODE_VERSION, type WheelVariant } from './variants.js';

/** What a finished installation consists of: written last, so a folder that has it was complete once. */
export interface Manifest {
  readonly format: 1;
  /** Always true: the binding blocks asynchronous signals while TensorFlow computes. */
  readonly guarded: true;
  readonly tensorflowVersion: string;
  readonly tfjsNodeVersion: string;
  readonly platform: string;
  readonly wheel: { readonly name: string; readonly sha256: string };
  /** SHA-256 of the other wheels, where there are any. */
  readonly companions?: readonly string[];
  readonly files: readonly FileRecord[];
  readonly links: readonly LinkRecord[];
}

interface FileRecord {
  /** Relative to the installation's folder. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  readonly sha256: string;
}

interface LinkRecord {
  readonly path: string;
  readonly target: string;
}

/** An installation's state; `reason` names the first thing that is wrong. */
export type Inspection =
  | { readonly state: 'intact'; readonly manifest: Manifest }
  | { readonly state: 'damaged'; readonly reason: string }
  | { readonly state: 'absent'; readonly reason: string };

const MANIFEST_NAME = 'manifest.json';

/** Records each file of a finished installation, with its size and hash. */
export async function writeManifest(folder: string, variant: WheelVariant): Promise<void> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = (kind: 'isFile' | 'isSymbolicLink'): string[] =>
    entries
      .filter((entry) => entry[kind]())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const files: FileRecord[] = [];
  for (const path of paths('isFile').sort()) {
    files.push({ path, size: lstatSync(join(folder, path)).size, sha256: await sha256Of(join(folder, path)) });
  }
  const manifest: Manifest = {
    format: 1,
    guarded: true,
    tensorflowVersion: variant.version,
    tfjsNodeVersion: TFJS_NODE_VERSION,
    platform: variant.platform,
    wheel: { name: `${variant.project} ${variant.version}`, sha256: variant.sha256 },
    ...(variant.companions.length > 0 && { companions: variant.companions.map(({ sha256 }) => sha256) }),
    files,
    links: paths('isSymbolicLink')
      .sort()
      .map((path) => ({ path, target: readlinkSync(join(folder, path)) })),
  };
  writeFileSync(join(folder, MANIFEST_NAME), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Compares an installation with its manifest by sizes, and its binding by hash: milliseconds, not seconds. */
export function inspectInstallation(folder: string): Inspection {
  const text = readText(join(folder, MANIFEST_NAME));
  if (text === undefined) return { state: 'absent', reason: `${folder} holds no finished installation` };
  const manifest = parseManifest(text);
  if (manifest === undefined) return { state: 'damaged', reason: `${join(folder, MANIFEST_NAME)} is damaged` };
  const wrong =
    manifest.files.find((file) => !isSame(folder, file)) ?? manifest.links.find((link) => !pointsTo(folder, link));
  if (wrong !== undefined) return { state: 'damaged', reason: `${join(folder, wrong.path)} is missing or damaged` };
  return { state: 'intact', manifest };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The binding is small enough to be hashed each time; of the libraries, the size has to do. */
function isSame(folder: string, { path, size, sha256 }: FileRecord): boolean {
  try {
    const found = lstatSync(join(folder, path));
    if (!found.isFile() || found.size !== size) return false;
    return path !== BINDING_NAME || hashNow(join(folder, path)) === sha256;
  } catch {
    return false;
  }
}

function hashNow(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function pointsTo(folder: string, { path, target }: LinkRecord): boolean {
  try {
    return readlinkSync(join(folder, path)) === target;
  } catch {
    return false;
  }
}

function parseManifest(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isManifest(value) ? value : undefined;
  } catch (error) {
    // Anything but bad JSON would be a mistake of this program's.
    if (error instanceof SyntaxError) return undefined;
    throw new Error(messageOf(error), { cause: error });
  }
}

function isManifest(value: unknown): value is Manifest {
  if (!isRecord(value) || value.format !== 1 || value.guarded !== true || !isRecord(value.wheel)) return false;
  const texts = [value.tensorflowVersion, value.tfjsNodeVersion, value.platform, value.wheel.name, value.wheel.sha256];
  if (value.companions !== undefined && !isListOf(value.companions, isText)) return false;
  return texts.every(isText) && isListOf(value.files, isFileRecord) && isListOf(value.links, isLinkRecord);
}

function isFileRecord(value: unknown): boolean {
  return isRecord(value) && isText(value.path) && Number.isInteger(value.size) && isText(value.sha256);
}

function isLinkRecord(value: unknown): boolean {
  return isRecord(value) && isText(value.path) && isText(value.target);
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
