import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.js';
import { diskFullMessage } from './failures.js';
import { sha256Of } from '../system/hash.js';
import type { ProgressReporter } from './progress.js';
import { runCommand, lastErrorLine, type CommandOptions, type CommandResult } from '../system/run-command.js';
import type { Command } from './tools.js';
import type { Wheel } from './variants.js';

/** What a download needs besides its wheel. */
export interface DownloadRequest {
  readonly pip: Command;
  /** A folder for the wheel and for pip's own temporary files; what is there is removed. */
  readonly folder: string;
  readonly command: CommandOptions;
  readonly report: ProgressReporter;
}

const POLL_MS = 200;

/**
 * Downloads the wheel with pip and compares it with its known hash.
 *
 * @returns the path of the wheel.
 * @throws UserError where there is no network, no such wheel, no room, or where the wheel is not the expected one.
 */
export async function downloadWheel(wheel: Wheel, request: DownloadRequest): Promise<string> {
  const { pip, folder, command, report } = request;
  const wheels = join(folder, 'wheel');
  const temporary = join(folder, 'pip');
  for (const path of [wheels, temporary]) {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path);
  }
  const message = `downloading ${titleOf(wheel)} (${Math.round(wheel.bytes / 1e6)} MB)`;
  report({ step: 'download', message, fraction: 0 });
  const watch = setInterval(() => {
    report({ step: 'download', message, fraction: Math.min(1, largestFile(folder) / wheel.bytes) });
  }, POLL_MS);
  try {
    const env = { ...command.env, TMPDIR: temporary };
    const result = await runCommand([...pip, ...pipParameters(wheel, wheels)], { ...command, env });
    if (result?.code !== 0) throw new UserError(explainPip(result, wheel, folder));
  } finally {
    clearInterval(watch);
  }
  return checkedWheel(wheels, wheel);
}

function titleOf({ project, version }: Wheel): string {
  return `${project.startsWith('tensorflow') ? 'TensorFlow' : project} ${version}`;
}

function pipParameters(wheel: Wheel, wheels: string): string[] {
  return [
    'download',
    ...['--no-deps', '--only-binary=:all:', '--no-input', '--disable-pip-version-check'],
    // pip's cache would hold a second copy of 250 MB, and its temporary file would blur the progress.
    ...['--no-cache-dir', '--progress-bar=off'],
    `--python-version=${wheel.pythonVersion}`,
    ...wheel.platformTags.map((tag) => `--platform=${tag}`),
    `--dest=${wheels}`,
    `${wheel.project}==${wheel.version}`,
  ];
}

/** Size of the largest file below a folder, in bytes: while pip downloads, that is the growing wheel. */
function largestFile(folder: string): number {
  try {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return Math.max(0, ...files.map((file) => statSync(join(folder, file)).size));
  } catch {
    // pip moved a file between the listing and the look at it: the next poll sees it again.
    return 0;
  }
}

/** What pip writes where it cannot reach the registry, or loses it on the way. */
const unreachable =
  /connection broken|timed out|Max retries exceeded|(?:NewConnection|NameResolution|Connection|Proxy|SSL|Protocol|IncompleteRead)Error|CERTIFICATE_VERIFY_FAILED|HTTP error 5\d\d|\b50[234] (?:Server Error|Bad Gateway|Service)/i;

function explainPip(result: CommandResult | undefined, { project, version }: Wheel, folder: string): string {
  const output = result === undefined ? 'pip is gone' : `${result.stdout}\n${result.stderr}`;
  const wheel = `${project} ${version}`;
  if (output.includes('No space left on device')) return diskFullMessage(folder);
  const broken = output.split('\n').find((line) => unreachable.test(line));
  if (broken !== undefined) {
    return `the Python package registry must be reachable to download ${wheel}: check the network, or point pip to a mirror (PIP_INDEX_URL); pip said: ${broken.trim()}`;
  }
  if (output.includes('No matching distribution found')) {
    return `pip's package registry must offer ${wheel} for ${process.platform}-${process.arch}, it does not: point pip to one that does (PIP_INDEX_URL)`;
  }
  return `pip must download ${wheel}, it did not: try again; pip said: ${lastErrorLine(output)}`;
}

async function checkedWheel(wheels: string, { project, sha256: expected }: Wheel): Promise<string> {
  const name = readdirSync(wheels).find((file) => file.endsWith('.whl'));
  if (name === undefined) throw new UserError(`pip must leave a wheel of ${project}, it left none: try again`);
  const path = join(wheels, name);
  const sha256 = await sha256Of(path);
  if (sha256 !== expected) {
    throw new UserError(
      `${name} must have the SHA-256 ${expected}, got ${sha256}: it was damaged or changed on its way; try again, or with another package index`,
    );
  }
  return path;
}
