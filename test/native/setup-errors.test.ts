import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { explainFileError } from '../../src/native/failures.js';
import { install } from '../../src/native/install.js';
import type { InstallSite } from '../../src/native/site.js';
import { findVariant } from '../../src/native/cuda-variants.js';
import { FakeMachine, wheelEntries, writeWheel } from './fake-machine.js';

let machine: FakeMachine;
beforeEach(async () => {
  machine = await FakeMachine.create();
});
afterEach(() => machine.remove());

/** The message of the set-up's failure; every failure leaves the cache as it was. */
async function failure(site: InstallSite = machine.site, env = machine.env): Promise<string> {
  const verify = (): Promise<void> => Promise.resolve();
  const outcome = await install(site, { report: () => undefined, force: false, command: { env }, verify }).catch(
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(UserError);
  expect(machine.cached).toEqual([]);
  return outcome instanceof Error ? outcome.message : '';
}

describe('a missing program', () => {
  it('is named: Python', async () => {
    machine.removeProgram('python3');
    expect(await failure()).toMatch(/^Python with pip is needed .*, none was found: install it/);
  });

  it('is named: pip, where Python is there', async () => {
    machine.setProgram('python3', `console.error('/usr/bin/python3: No module named pip'); process.exit(1);`);
    expect(await failure()).toMatch(/^pip is needed .*, this Python has none: install it/);
  });

  it('is named: the compiler', async () => {
    machine.removeProgram('g++');
    expect(await failure()).toMatch(/^a C\+\+ compiler is needed .*, none was found: install one/);
  });

  it('is named: the compiler that CXX asks for', async () => {
    const message = await failure(machine.site, { ...machine.env, CXX: 'no-such-compiler -v' });
    expect(message).toBe('CXX must name a C++ compiler, "no-such-compiler -v" does not run: correct it or unset it');
  });

  it('gets a line of its own for each, before anything is downloaded', async () => {
    machine.removeProgram('python3');
    machine.removeProgram('g++');
    expect((await failure()).split('\n')).toEqual([
      expect.stringContaining('Python with pip'),
      expect.stringContaining('C++ compiler'),
    ]);
    expect(machine.calls).toEqual([]);
  });

  it('does no harm where another can do its work', async () => {
    machine.removeProgram('g++');
    machine.setProgram('clang++', `if (!has('--version')) fs.writeFileSync(value('-o'), 'a binding');`);
    const verify = (): Promise<void> => Promise.resolve();
    const command = { env: machine.env };
    const installation = await install(machine.site, { report: () => undefined, force: false, command, verify });
    expect(installation.status).toBe('installed');
  });
});

/** What pip 23.2 wrote in each of these cases. */
const noNetwork = `WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f9b>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/tensorflow-cpu/
ERROR: Could not find a version that satisfies the requirement tensorflow-cpu==2.19.0 (from versions: none)
ERROR: No matching distribution found for tensorflow-cpu==2.19.0`;
const noVersion = `ERROR: Could not find a version that satisfies the requirement tensorflow-cpu==2.19.0 (from versions: 2.20.0)
ERROR: No matching distribution found for tensorflow-cpu==2.19.0`;
const noSpace = 'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device';
const cutOff = "ERROR: Wheel 'tensorflow-cpu' located at /tmp/x/tensorflow_cpu-2.19.0.whl is invalid.";

describe('a download that fails', () => {
  it.each([
    ['no network', noNetwork, /^the Python package registry must be reachable .* check the network.*name resolution/],
    [
      'no such version',
      noVersion,
      /^pip's package registry must offer tensorflow-cpu 2\.19\.0 for linux-x64, it does not/,
    ],
    ['no space', noSpace, /^the disk of .* is full: make room/],
    ['a cut-off wheel', cutOff, /^pip must download tensorflow-cpu 2\.19\.0, it did not: try again; .* is invalid/],
  ])('says why: %s', async (_case, fails, expected) => {
    machine.setPip({ fails });
    expect(await failure()).toMatch(expected);
  });

  it('is noticed by its hash', async () => {
    const other = join(machine.root, 'other.whl');
    await writeWheel(other, { ...wheelEntries, 'tensorflow/more': 'changed on its way' });
    machine.setPip({ copies: other });
    const { sha256 } = machine.site.variant;
    expect(await failure()).toMatch(new RegExp(`must have the SHA-256 ${sha256}, got [0-9a-f]{64}: .*try again`));
    expect(machine.calls).toEqual(['pip download']);
  });
});

describe('a binding that does not compile', () => {
  it('shows the first error of the compiler', async () => {
    machine.setCompiler({
      fails: 'In file x.h:\nx.h:3:1: error: no such type\nx.h:9:1: error: more\ncompilation ended',
    });
    expect(await failure()).toMatch(/must compile with g\+\+ .*, it does not: x\.h:3:1: error: no such type$/);
  });
});

describe('a cache that cannot be used', () => {
  it('is named where it is no folder', async () => {
    const site = { ...machine.site, cacheRoot: join(machine.root, 'a file', 'cache') };
    writeFileSync(join(machine.root, 'a file'), '');
    expect(await failure(site)).toMatch(
      /a file\/cache must be a folder that you can write to \(ENOTDIR\): .*MIN_CHAR_RNN_CACHE/,
    );
  });

  it('is named where it is not writable, and where its disk is full', () => {
    const explained = (code: string): unknown => explainFileError(Object.assign(new Error(code), { code }), '/cache');
    expect(explained('EACCES')).toEqual(
      new UserError(
        '/cache must be a folder that you can write to (EACCES): change its rights, or set MIN_CHAR_RNN_CACHE to another folder',
      ),
    );
    expect(explained('ENOSPC')).toEqual(
      new UserError('the disk of /cache is full: make room, or set MIN_CHAR_RNN_CACHE to a folder on another disk'),
    );
  });

  it('is named where it has too little room, before the download', async () => {
    const { site } = machine;
    const message = await failure({ ...site, variant: { ...site.variant, diskBytes: 9e18 } });
    expect(message).toMatch(/cache must have 9000000000000 MB free, it has \d+ MB: make room/);
    expect(machine.calls).toEqual([]);
  });

  it('is not blamed for what is no fault of the file system', () => {
    const bug = new TypeError('x is undefined');
    expect(explainFileError(bug, '/cache')).toBe(bug);
  });
});

it('knows the platforms that TensorFlow offers a library for', () => {
  expect(findVariant('linux-x64')?.tested).toBe(true);
  expect(findVariant('linux-arm64')?.tested).toBe(false);
  expect(findVariant('darwin-arm64')?.tested).toBe(false);
  expect(findVariant('win32-x64')).toBeUndefined();
});
