import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { BINDING_NAME } from './binding.js';
import { sha256Of } from '../system/hash.js';
import { parseJson } from '../system/parse-json.js';
import { TFJS_NODE_VERSION, type WheelVariant } from './variants.js';

const fileSchema = v.object({
  /** Relative to the installation's folder. */
  path: v.string(),
  /** In bytes. */
  size: v.pipe(v.number(), v.integer()),
  sha256: v.string(),
});
const linkSchema = v.object({ path: v.string(), target: v.string() });
const manifestSchema = v.object({
  format: v.literal(1),
  /** The binding blocks asynchronous signals while TensorFlow computes. */
  guarded: v.literal(true),
  tensorflowVersion: v.string(),
  tfjsNodeVersion: v.string(),
  platform: v.string(),
  wheel: v.object({ name: v.string(), sha256: v.string() }),
  /** SHA-256 of the other wheels, where there are any. */
  companions: v.optional(v.array(v.string())),
  files: v.array(fileSchema),
  links: v.array(linkSchema),
});

/** What a finished installation consists of: written last, so a folder that has it was complete once. */
export type Manifest = v.InferOutput<typeof manifestSchema>;

type FileRecord = v.InferOutput<typeof fileSchema>;
type LinkRecord = v.InferOutput<typeof linkSchema>;

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
  const manifest = parseJson(manifestSchema, text);
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
