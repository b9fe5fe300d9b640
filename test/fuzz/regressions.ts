import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync, inflateSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('regressions', import.meta.url));

/** An input that once broke a promise. */
export interface Regression {
  /** What went wrong with it. */
  readonly found: string;
  readonly input: unknown;
}

/** The inputs that once broke a target, by their file's names. */
export function readRegressions(target: string): [name: string, Regression][] {
  const folder = join(ROOT, target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8'), revive) as Regression]);
}

/** Keeps an input that broke a target, for the tests to replay. @returns the file's path. */
export function writeRegression(target: string, regression: Regression): string {
  const text = `${JSON.stringify(regression, replace, 2)}\n`;
  const name = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const path = join(ROOT, target, `${name}.json`);
  mkdirSync(join(ROOT, target), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Longer texts are compressed: they are runs of one thing. */
const LONG = 500;

/** JSON has no bytes: they are kept compressed, in base64, in an object of their own; so is long text, as UTF-16. */
function replace(this: unknown, key: string, value: unknown): unknown {
  // A Buffer has already become something else when it comes as the value.
  const original = (this as Record<string, unknown>)[key];
  if (original instanceof Uint8Array) return { bytes: deflateSync(original).toString('base64') };
  if (typeof value !== 'string' || value.length < LONG || key === 'text' || key === 'bytes') return value;
  return { text: deflateSync(Buffer.from(value, 'utf16le')).toString('base64') };
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return value;
  const { bytes, text } = value as { bytes?: unknown; text?: unknown };
  if (typeof bytes === 'string') return new Uint8Array(inflateSync(Buffer.from(bytes, 'base64')));
  return typeof text === 'string' ? inflateSync(Buffer.from(text, 'base64')).toString('utf16le') : value;
}

/** An input as text that a process can hand to another. */
export function serialize(input: unknown): string {
  return JSON.stringify({ input }, replace);
}

/** The input that {@link serialize} made text of. */
export function deserialize(text: string): unknown {
  return (JSON.parse(text, revive) as { input: unknown }).input;
}
