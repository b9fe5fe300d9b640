import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { beginsAsCheckpoint, loadCheckpoint } from '../checkpoint/checkpoint.js';
import { isTextName, STDIN } from '../corpus/texts.js';
import { UserError } from '../errors.js';
import { realDestination } from '../system/atomic-write.js';
import { hasBytesAt } from '../system/file-start.js';
import { bestPath } from './best-path.js';
import { METRICS_START } from './logs.js';
import type { RunRequest } from './plan.js';

/** A file or folder that a run reads or writes, and what the message calls it. */
interface Place {
  what: string;
  path: string;
}

/**
 * Sees that no output of a run is one of its inputs or another output, through links too.
 * @throws UserError for the first place where something would be lost.
 */
export function requireApart(request: RunRequest): void {
  const outputs = outputsOf(request);
  const inputs = inputsOf(request);
  outputs.forEach(({ what, path }, i) => {
    const other = [...inputs, ...outputs.slice(0, i)].find((other) => isSame(path, other.path));
    if (other) {
      throw new UserError(
        `${what} must be a file of its own, but '${path}' is ${other.what} too; choose another place for one of them`,
      );
    }
    const folder = inputs.find((input) => takesUp(input.path, path));
    if (!folder) return;
    throw new UserError(
      `${what} must be outside of the folder '${folder.path}', all of whose .txt files are the text, but is '${path}'; ` +
        'choose another place or ending',
    );
  });
}

function outputsOf({ checkpoint, resume, keepBest, metrics, plot, tensorboard }: RunRequest): Place[] {
  const saved = checkpoint ?? resume;
  const option = checkpoint === undefined ? '--resume' : '--checkpoint';
  return placesOf([
    [option, saved],
    [`the lock of ${option}`, saved && `${saved}.lock`],
    [`the best state of ${option}`, keepBest ? saved && bestPath(saved) : undefined],
    ['--metrics', metrics],
    ['--plot', plot],
    ['--tensorboard', tensorboard],
  ]);
}

/** All that must stay as it is: where the run resumes from is saved to, unless it goes to another place. */
function inputsOf({ checkpoint, resume, initFrom, corpus = [], config }: RunRequest): Place[] {
  return placesOf([
    ...corpus.filter((path) => path !== STDIN).map((path): [string, string] => ['the text', path]),
    ['--resume', checkpoint === undefined || isSame(checkpoint, resume) ? undefined : resume],
    ['--init-from', initFrom],
    ['--config', config],
  ]);
}

function placesOf(pairs: readonly (readonly [what: string, path: string | undefined])[]): Place[] {
  return pairs.flatMap(([what, path]) => (path === undefined ? [] : [{ what, path }]));
}

function isSame(a: string, b: string | undefined): boolean {
  return b !== undefined && identityOf(a) === identityOf(b);
}

/** Device and inode of what is there, else the path with all links followed. */
function identityOf(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats ? `${stats.dev}:${stats.ino}` : destinationOf(path);
}

/** The path with all links followed; folders that are not there yet, which TensorBoard's may lie in, stay as they are. */
function destinationOf(path: string): string {
  const folder = dirname(path);
  return existsSync(folder) ? realDestination(path) : join(destinationOf(folder), basename(path));
}

/** Whether a folder that is a text would have the output among its files. */
function takesUp(folder: string, output: string): boolean {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory() || !isTextName(output)) return false;
  const way = relative(realpathSync(folder), destinationOf(output));
  return way.split(sep)[0] !== '..';
}

/**
 * Sees that a run replaces nothing that is there already and that it does not continue, unless `overwrite` asks for it.
 * @throws UserError saying what is there and what to do.
 */
export async function requireUnused({
  checkpoint,
  resume,
  keepBest,
  overwrite,
  metrics,
  plot,
}: RunRequest): Promise<void> {
  if (checkpoint !== undefined && !isSame(checkpoint, resume)) {
    await requireFree('--checkpoint', checkpoint, overwrite);
    if (keepBest) await requireFree('the best state of --checkpoint', bestPath(checkpoint), overwrite);
  }
  if (metrics !== undefined && isThere(metrics) && !hasBytesAt(metrics, METRICS_START)) {
    throw new UserError(
      `--metrics must name a new file or one with metrics, but '${metrics}' holds something else; choose another name`,
    );
  }
  if (plot === undefined || !isThere(plot) || overwrite || resume !== undefined) return;
  throw new UserError(`--plot must name a new file, but '${plot}' is there; choose another name or add --overwrite`);
}

/**
 * Sees that a checkpoint may replace what is at a path: nothing, or a checkpoint, whoever has written it.
 * @throws UserError for a file that is none.
 */
export async function requireReplaceable(path: string, what = 'the path'): Promise<void> {
  // Of one that this program has written the start says enough, however large it is.
  if (!isThere(path) || beginsAsCheckpoint(path)) return;
  await loadCheckpoint(path).catch(() => {
    throw new UserError(
      `${what} must name a new file or a checkpoint, but '${path}' holds something else; choose another name`,
    );
  });
}

async function requireFree(what: string, path: string, overwrite = false): Promise<void> {
  await requireReplaceable(path, what);
  if (overwrite || !isThere(path)) return;
  const held = await loadCheckpoint(path).then(
    ({ run, corpus }) => `holds a run of ${run.step} steps on '${corpus.name}'`,
    () => 'holds a checkpoint, a damaged one',
  );
  throw new UserError(
    `${what} must name a new file, but '${path}' ${held}; continue it with --resume, choose another name, or replace it ` +
      'with --overwrite',
  );
}

/** Whether something is there that could be lost: an empty file is nothing. */
function isThere(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && !(stats.isFile() && stats.size === 0);
}
