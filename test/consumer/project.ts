import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { outsideEnvironment } from './environment.js';
import { type Consumer, THIS_NODE } from './prepare.js';

/** Where these tests run, and what their titles say where they do not. */
export const consumer: Consumer | undefined = inject('consumer');
export const withoutConsumer =
  consumer === undefined
    ? { skip: true, title: ' (skipped: it fetches package managers and installs with them; npm run test:consumer)' }
    : { skip: false, title: '' };

/** A package manager: the programs that it is called by, and what a person types. */
export interface Manager {
  readonly name: string;
  /** Files of the tools' node_modules, by the command that each answers to. */
  readonly programs: Readonly<Record<string, string>>;
  readonly install: string;
  /** From the lock file, as a continuous integration does. */
  readonly reinstall: string;
  /** Its start of a command of the package. */
  readonly run: string;
  /** Other files that the project begins with. */
  readonly files?: Readonly<Record<string, string>>;
}

const npm = (name: string): Manager => ({
  name: name.replace(/(\d+)$/, ' $1'),
  programs: { npm: `${name}/bin/npm-cli.js`, npx: `${name}/bin/npx-cli.js` },
  install: 'npm install --no-audit --no-fund',
  reinstall: 'npm ci --no-audit --no-fund',
  run: 'npx min-char-rnn',
});

const pnpm = (name: string, folder: string, program: string): Manager => ({
  name,
  programs: { pnpm: `${folder}/${program}` },
  install: 'pnpm install',
  reinstall: 'pnpm install --frozen-lockfile',
  run: 'pnpm exec min-char-rnn',
});

const berry = (linker: 'node-modules' | 'pnp'): Manager => ({
  name: `yarn 4, ${linker}`,
  programs: { yarn: '@yarnpkg/cli-dist/bin/yarn.js' },
  install: 'yarn install',
  reinstall: 'yarn install --immutable',
  run: 'yarn min-char-rnn',
  // The empty lock file says that this is a project of its own.
  files: { 'yarn.lock': '', '.yarnrc.yml': `nodeLinker: ${linker}\nenableGlobalCache: false\n` },
});

const yarn1: Manager = {
  name: 'yarn 1',
  programs: { yarn: 'yarn/bin/yarn.js' },
  install: 'yarn install --non-interactive',
  reinstall: 'yarn install --non-interactive --frozen-lockfile',
  run: 'yarn --silent min-char-rnn',
};

export const NPM = npm('npm11');
export const PLUG_AND_PLAY = berry('pnp');
export const MANAGERS: readonly Manager[] = [
  npm('npm10'),
  NPM,
  pnpm('pnpm 10', 'pnpm10', 'bin/pnpm.cjs'),
  pnpm('pnpm, the newest', 'pnpm', 'pnpm'),
  yarn1,
  berry('node-modules'),
  PLUG_AND_PLAY,
];

/** How a command of a project ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty project in a temporary folder that depends on the packed package, and the shell of its owner. */
export class Project {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'min-char-rnn-project-')));
  readonly #programs = join(this.folder, '.programs');
  readonly env: NodeJS.ProcessEnv;

  constructor(
    readonly manager: Manager,
    { tarball, tools }: Consumer,
    env: NodeJS.ProcessEnv = {},
  ) {
    this.write(
      'package.json',
      JSON.stringify({ name: 'project', private: true, dependencies: { 'min-char-rnn': `file:${tarball}` } }),
    );
    for (const [name, text] of Object.entries(manager.files ?? {})) this.write(name, text);
    mkdirSync(this.#programs);
    for (const [name, file] of Object.entries(manager.programs)) {
      const path = join(tools, file);
      const start = /\.c?js$/.test(file) ? `node ${path}` : path;
      writeFileSync(join(this.#programs, name), `#!/bin/sh\nexec ${start} "$@"\n`, { mode: 0o755 });
    }
    this.env = {
      ...outsideEnvironment(),
      ...env,
      PATH: [this.#programs, dirname(process.execPath), process.env.PATH].join(delimiter),
    };
    this.useNode(THIS_NODE, tools);
  }

  /** Makes `node` this version from now on: one of the tools, or the one that runs the tests. */
  useNode(version: string, tools: string): void {
    const place = join(this.#programs, 'node');
    rmSync(place, { force: true });
    symlinkSync(version === THIS_NODE ? process.execPath : join(tools, `node${version}`, 'bin', 'node'), place);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Runs a line of shell as the owner types it. */
  async shell(line: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    const options = { cwd: this.folder, env: { ...this.env, ...env }, maxBuffer: 2 ** 26 };
    try {
      return { code: 0, ...(await promisify(execFile)('/bin/sh', ['-c', line], options)) };
    } catch (error) {
      return error as Outcome;
    }
  }

  /** The same, which must end well. @returns what it wrote to standard output. */
  async succeed(line: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { code, stdout, stderr } = await this.shell(line, env);
    if (code === 0) return stdout;
    throw new Error(`'${line}' must succeed, but ended with ${code}:\n${stdout}\n${stderr}`);
  }

  /** A command of the package, by the manager. */
  program(words: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    return this.succeed(`${this.manager.run} ${words}`, env);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
