import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shellWord } from './shell-word.js';

/** The bin of the package. */
const BIN = 'min-char-rnn';

/** Where a program lies and how it was started: what decides how it calls itself. */
export interface Invocation {
  /** The script that Node was started with: this program's, or another's that uses the library. */
  readonly called: string;
  /** The file of this module. */
  readonly own: string;
  /** npm_config_user_agent, by which package managers say who they are: `pnpm/10.34.9 npm/? node/v22.23.5 linux x64`. */
  readonly agent: string | undefined;
  /** Whether packages are found by Yarn's Plug'n'Play. */
  readonly isPlugAndPlay: boolean;
}

const thisProcess = (): Invocation => ({
  called: process.argv[1] ?? '',
  own: fileURLToPath(import.meta.url),
  agent: process.env.npm_config_user_agent,
  isPlugAndPlay: process.versions.pnp !== undefined,
});

/** How each package manager runs a project's bin, and how it adds a package. */
const MANAGERS = {
  npm: { run: 'npx', add: 'npm install' },
  pnpm: { run: 'pnpm exec', add: 'pnpm add' },
  yarn: { run: 'yarn', add: 'yarn add' },
} as const;

/**
 * How this program is called, for users to copy: by the package manager of the project that has it, as a global bin, or
 * in a clone by its built file or its source.
 */
export function programName(invocation = thisProcess()): string {
  const { own } = invocation;
  if (!isPackage(invocation)) {
    const main = fromHere(join(dirname(own), '..', 'cli', `main${extname(own)}`));
    return `${extname(own) === '.ts' ? 'npx tsx' : 'node'} ${shellWord(main)}`;
  }
  return isGlobal(invocation) ? BIN : `${managerOf(invocation).run} ${BIN}`;
}

/** The command that adds packages to where this program finds them. @param packages such as `webgpu@0.6.2`. */
export function installCommand(packages: readonly string[], invocation = thisProcess()): string {
  // In a clone they are among its own.
  if (!isPackage(invocation)) return 'npm ci';
  return [managerOf(invocation).add, ...(isGlobal(invocation) ? ['--global'] : []), ...packages].join(' ');
}

const folders = (path: string): string[] => path.split(sep);

/** Whether a package manager has put it where it is, or a link to it. */
function isPackage({ called, own, isPlugAndPlay }: Invocation): boolean {
  return isPlugAndPlay || isBin(called) || folders(own).includes('node_modules');
}

/** Whether the script is this program's bin: by name, or in a package by the file. */
function isBin(called: string): boolean {
  return basename(called) === BIN || (folders(called).includes('node_modules') && called.endsWith(MAIN));
}

const MAIN = join(BIN, 'dist', 'cli', 'main.js');

/** Whether the bin was called from outside of the project that has it, which is none of the user's then. */
function isGlobal({ called, isPlugAndPlay }: Invocation): boolean {
  if (isPlugAndPlay || !isBin(called) || folders(called).includes('_npx')) return false;
  const [project = ''] = called.split(`${sep}node_modules${sep}`);
  return project === called || relative(project, process.cwd()).startsWith('..');
}

function managerOf({ own, agent, isPlugAndPlay }: Invocation): (typeof MANAGERS)[keyof typeof MANAGERS] {
  if (isPlugAndPlay || agent?.startsWith('yarn/')) return MANAGERS.yarn;
  return folders(own).includes('.pnpm') || agent?.startsWith('pnpm/') ? MANAGERS.pnpm : MANAGERS.npm;
}

/** A path as it is written in the current folder, absolute where it leads out of that. */
function fromHere(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
