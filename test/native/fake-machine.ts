import { createHash } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { InstallSite } from '../../src/native/site.js';
import { gpuVariants } from '../../src/native/cuda-variants.js';
import { cpuVariants, type Wheel } from '../../src/native/variants.js';

/** The entries of a wheel, by path. */
export type WheelEntries = Readonly<Record<string, string>>;

/** What the real wheel has and the set-up wants, in miniature, beside some of what it does not want. */
export const wheelEntries: WheelEntries = {
  'tensorflow/libtensorflow_cc.so.2': 'the library '.repeat(1000),
  'tensorflow/libtensorflow_framework.so.2': 'the framework',
  'tensorflow/include/tensorflow/c/eager/c_api.h': '// eager',
  'tensorflow/include/tensorflow/core/platform/ctstring.h': '// strings',
  'tensorflow/include/tensorflow/core/framework/op.h': '// not wanted',
  'tensorflow/python/ops.py': 'not wanted',
};

/** Writes a wheel, that is a zip file. */
export async function writeWheel(path: string, entries: WheelEntries): Promise<void> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
}

/** What the fake pip does when it is asked to download. */
export type PipBehaviour =
  | { readonly copies: string }
  /** Wheels by the project that is asked for. */
  | { readonly serves: Readonly<Record<string, string>> }
  | { readonly fails: string }
  | 'hangs';

/** A folder that stands for a machine: its programs and its cache. No network, no TensorFlow. */
export class FakeMachine {
  /** With a space, as a user's folder may have. */
  readonly root = mkdtempSync(join(tmpdir(), 'fake machine '));
  readonly cacheRoot = join(this.root, 'cache');
  readonly setupLock = join(this.cacheRoot, '.setup.lock');
  readonly wheel = join(this.root, 'tensorflow_cpu-2.19.0.whl');
  readonly #calls = join(this.root, 'calls.log');
  readonly #programs = join(this.root, 'bin');

  /** A machine that has all it takes. */
  static async create(): Promise<FakeMachine> {
    const machine = new FakeMachine();
    mkdirSync(machine.#programs);
    await writeWheel(machine.wheel, wheelEntries);
    machine.setPip({ copies: machine.wheel });
    machine.setCompiler('works');
    return machine;
  }

  /** The machine's environment: only its own programs are found. */
  get env(): NodeJS.ProcessEnv {
    return { PATH: this.#programs };
  }

  get site(): InstallSite {
    const [variant] = cpuVariants;
    if (variant === undefined) throw new Error('there is no variant');
    const sha256 = hashOf(this.wheel);
    return {
      cacheRoot: this.cacheRoot,
      variant: { ...variant, sha256, bytes: readFileSync(this.wheel).length, diskBytes: 1 },
    };
  }

  /** The site for a GPU: TensorFlow's wheel and two of NVIDIA's, which pip serves from now on. */
  async gpuSite(): Promise<InstallSite> {
    const [variant] = gpuVariants;
    const nvidia = async (name: string, entries: WheelEntries) => {
      const path = join(this.root, `${name}.whl`);
      await writeWheel(path, entries);
      return path;
    };
    const wheels: Record<string, string> = {
      tensorflow: this.wheel,
      'nvidia-nccl-cu12': await nvidia('nccl', { 'nvidia/nccl/lib/libnccl.so.2': 'collectives' }),
      'nvidia-cuda-nvrtc-cu12': await nvidia('nvrtc', { 'nvidia/cuda_nvrtc/lib/libnvrtc.so.12': 'a compiler' }),
    };
    this.setPip({ serves: wheels });
    const known = <Kind extends Wheel>(wheel: Kind): Kind => ({ ...wheel, sha256: hashOf(wheels[wheel.project]) });
    const companions = variant.companions.filter(({ project }) => project in wheels).map(known);
    return {
      cacheRoot: this.cacheRoot,
      variant: { ...known(variant), companions, diskBytes: 1 },
    };
  }

  /** The programs that ran so far, as `pip download`, `g++ compile`. */
  get calls(): string[] {
    return existsSync(this.#calls) ? readFileSync(this.#calls, 'utf8').trim().split('\n') : [];
  }

  /** The ids of the pips that hang, or did. */
  get hangingPips(): number[] {
    return this.calls.flatMap((call) => /^pip pid (\d+)/.exec(call)?.slice(1).map(Number) ?? []);
  }

  /** Names in the cache, the hidden ones too. */
  get cached(): string[] {
    return existsSync(this.cacheRoot) ? readdirSync(this.cacheRoot).sort() : [];
  }

  setPip(behaviour: PipBehaviour): void {
    this.setProgram('python3', `if (has('--version')) process.exit(0); log('pip download'); ${pipScript(behaviour)}`);
  }

  setCompiler(behaviour: 'works' | { readonly fails: string }): void {
    const compile =
      behaviour === 'works'
        ? `fs.writeFileSync(value('-o'), 'a binding')`
        : `console.error(${JSON.stringify(behaviour.fails)}); process.exit(1)`;
    this.setProgram('g++', `if (has('--version')) process.exit(0); log('g++ compile'); ${compile};`);
  }

  /** A program of JavaScript text, with `fs`, `has(parameter)`, `value(parameter)` and `log(line)`. */
  setProgram(name: string, body: string): void {
    const lines = [
      `#!${process.execPath}`,
      `const fs = require('node:fs');`,
      `const has = (parameter) => process.argv.includes(parameter);`,
      `const value = (parameter) => process.argv[process.argv.indexOf(parameter) + 1];`,
      `const log = (line) => fs.appendFileSync(${JSON.stringify(this.#calls)}, line + '\\n');`,
      body,
    ];
    writeFileSync(join(this.#programs, name), lines.join('\n'), { mode: 0o755 });
  }

  removeProgram(name: string): void {
    rmSync(join(this.#programs, name));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function pipScript(behaviour: PipBehaviour): string {
  const dest = `process.argv.find((text) => text.startsWith('--dest=')).slice(7)`;
  if (behaviour === 'hangs') {
    // Half a download; then it waits, but not for longer than its parent lives.
    return `fs.writeFileSync(process.env.TMPDIR + '/half', 'x'.repeat(1000)); log('pip pid ' + process.pid);
      const parent = process.ppid; setInterval(() => process.ppid !== parent && process.exit(1), 50);`;
  }
  if ('serves' in behaviour) {
    return `const project = process.argv.at(-1).split('==')[0]; log('pip ' + project);
      fs.copyFileSync(${JSON.stringify(behaviour.serves)}[project], ${dest} + '/' + project + '.whl');`;
  }
  if ('fails' in behaviour) return `console.error(${JSON.stringify(behaviour.fails)}); process.exit(1);`;
  return `fs.copyFileSync(${JSON.stringify(behaviour.copies)}, ${dest} + '/tensorflow_cpu-2.19.0.whl');`;
}

/** Waits until `condition` holds; an error after a minute. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`in vain waited for ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
