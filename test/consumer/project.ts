import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { outsideEnvironment } from './environment.js';
import type { Manager } from './managers.js';

/** The package as packed, and the packages that carry managers, compilers and versions of Node. */
export interface Consumer {
  /** Made of dist as it is. */
  readonly tarball: string;
  /** The node_modules with the tools. */
  readonly tools: string;
}

/** The major version of Node that runs the tests. */
export const THIS_NODE = process.versions.node.split('.')[0];

/** How a command of a project ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of a project, and the shell of its owner, where only its own package manager is at hand. */
export class Project {
  readonly #programs: string;

  constructor(
    readonly manager: Manager,
    readonly tools: string,
    readonly folder: string,
  ) {
    this.#programs = join(folder, '.programs');
    mkdirSync(this.#programs, { recursive: true });
    for (const [name, file] of Object.entries(manager.programs)) {
      const path = join(tools, file);
      const start = /\.c?js$/.test(file) ? `node '${path}'` : `'${path}'`;
      writeFileSync(join(this.#programs, name), `#!/bin/sh\nexec ${start} "$@"\n`, { mode: 0o755 });
    }
    this.useNode(THIS_NODE);
  }

  /** An empty project in a temporary folder that depends on the packed package. */
  static create(manager: Manager, { tarball, tools }: Consumer): Project {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'min-char-rnn-project-')));
    const project = new Project(manager, tools, folder);
    const dependencies = { 'min-char-rnn': `file:${tarball}` };
    project.write('package.json', JSON.stringify({ name: 'project', private: true, type: 'module', dependencies }));
    for (const [name, text] of Object.entries(manager.files ?? {})) project.write(name, text);
    return project;
  }

  /** Makes `node` this major version from now on: one of the tools, or the one that runs the tests. */
  useNode(version: string): void {
    const place = join(this.#programs, 'node');
    rmSync(place, { force: true });
    symlinkSync(version === THIS_NODE ? process.execPath : join(this.tools, `node${version}`, 'bin', 'node'), place);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Runs a line of shell as the owner types it. */
  async shell(line: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    const path = [this.#programs, process.env.PATH].join(delimiter);
    const options = { cwd: this.folder, env: { ...outsideEnvironment(), ...env, PATH: path }, maxBuffer: 2 ** 26 };
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
