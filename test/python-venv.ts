import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const found = new Map<string, string | undefined>();

/**
 * A Python that can import every named package, for tests that let another project's own reader judge our files.
 *
 * Looks in this order: the machine's `python3`; a virtual environment that an earlier test made for the same packages;
 * and, only where `CI` is set, a new one filled by pip. Environments lie under `MIN_CHAR_RNN_CACHE`, or the system's
 * folder for temporary files. Test processes may call this at the same time.
 *
 * @param packages names as both pip and `import` know them, e.g. `['safetensors', 'numpy']`
 * @returns the path or name of the executable; `undefined` outside CI when nothing on this machine will do, for
 *   `it.skipIf`; a test's title can then say why with {@link whyNoPython}
 * @throws in CI, when the environment cannot be made: there a missing reader is a failure, not a skip
 */
export function pythonWith(packages: readonly string[]): string | undefined {
  const key = [...packages].sort().join(' ');
  if (!found.has(key)) found.set(key, findPython(key.split(' ')));
  return found.get(key);
}

/** The reason to give beside a test that was skipped because {@link pythonWith} found nothing. */
export function whyNoPython(packages: readonly string[]): string {
  return `no python3 here imports ${packages.join(' and ')}; python3 -m pip install ${packages.join(' ')}`;
}

function findPython(packages: string[]): string | undefined {
  if (canImport('python3', packages)) return 'python3';
  const home = environmentFor(packages);
  const python = executableIn(home);
  if (canImport(python, packages)) return python;
  if (!process.env.CI) return undefined;
  return makeEnvironment(home, packages);
}

function canImport(python: string, packages: string[]): boolean {
  if (python !== 'python3' && !existsSync(python)) return false;
  try {
    execFileSync(python, ['-c', `import ${packages.join(', ')}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function environmentFor(packages: string[]): string {
  const name = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12);
  return join(process.env.MIN_CHAR_RNN_CACHE ?? tmpdir(), `min-char-rnn-python-${name}`);
}

function executableIn(home: string): string {
  return process.platform === 'win32' ? join(home, 'Scripts', 'python.exe') : join(home, 'bin', 'python');
}

/**
 * Fills a folder of this process's own, then renames it into place: another process sees a whole environment or none.
 * An interpreter in a venv finds its packages relative to itself, so `bin/python` still works after the move.
 */
function makeEnvironment(home: string, packages: string[]): string {
  mkdirSync(join(home, '..'), { recursive: true });
  const draft = mkdtempSync(`${home}-`);
  try {
    execFileSync('python3', ['-m', 'venv', draft], { stdio: 'pipe' });
    execFileSync(executableIn(draft), ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'pipe' });
    publish(draft, home, packages);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return executableIn(home);
}

function publish(draft: string, home: string, packages: string[]): void {
  try {
    renameSync(draft, home);
  } catch {
    // The folder is there and not empty. Another process was first, or a cleaner of old files left a part.
    if (canImport(executableIn(home), packages)) return;
    rmSync(home, { recursive: true, force: true });
    renameSync(draft, home);
  }
}
