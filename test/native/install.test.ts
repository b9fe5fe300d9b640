import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRunning, thisProcess } from '../../src/system/process-identity.js';
import { unfinishedName } from '../../src/system/unfinished.js';
import { bindingSource } from '../../src/native/carried.js';
import { install, type InstallOptions, type NativeInstallation } from '../../src/native/install.js';
import { inspectInstallation } from '../../src/native/manifest.js';
import type { SetupProgress } from '../../src/native/progress.js';
import { installationFolder } from '../../src/native/site.js';
import { compiled } from '../compiled.js';
import { leaveLock } from '../system/locks.js';
import { FakeMachine, until } from './fake-machine.js';

let machine: FakeMachine;
const children: ChildProcess[] = [];
beforeEach(async () => {
  machine = await FakeMachine.create();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  machine.remove();
});

function run(options: Partial<InstallOptions> = {}): Promise<NativeInstallation> {
  return install(machine.site, {
    report: () => undefined,
    force: false,
    command: { env: machine.env },
    verify: () => Promise.resolve(),
    ...options,
  });
}

const state = () => inspectInstallation(installationFolder(machine.site)).state;

const file = (path: string): string => join(installationFolder(machine.site), path);

describe('a first set-up', () => {
  it('leaves a complete installation and nothing else', async () => {
    const installation = await run();
    expect(installation).toMatchObject({ status: 'installed', tensorflowVersion: '2.19.0', guarded: true });
    expect(machine.cached).toEqual([basename(installation.folder)]);
    expect(installation.folder).toBe(installationFolder(machine.site));
    expect(state()).toBe('intact');
    expect(readlinkSync(file('lib/libtensorflow.so'))).toBe('libtensorflow_cc.so.2');
    expect(JSON.parse(readFileSync(file('manifest.json'), 'utf8'))).toMatchObject({
      guarded: true,
      platform: 'linux-x64',
    });
  });

  it('tells its steps in order, with fractions that grow', async () => {
    const reported: SetupProgress[] = [];
    await run({ report: (progress) => reported.push(progress) });
    const steps = [...new Set(reported.map(({ step }) => step))];
    expect(steps).toEqual(['prepare', 'download', 'extract', 'compile', 'verify']);
    const fractions = reported.filter(({ step }) => step === 'extract').flatMap(({ fraction }) => fraction ?? []);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it('does not touch the sources of tfjs-node', async () => {
    const source = join(bindingSource(), 'tfjs_backend.cc');
    const before = readFileSync(source, 'utf8');
    await run();
    expect(readFileSync(source, 'utf8')).toBe(before);
  });

  it('gives the compiler the sources and the headers of Node-API in one folder', async () => {
    machine.setProgram(
      'g++',
      `if (has('--version')) process.exit(0);
       const folder = value('-I');
       for (const name of fs.readdirSync(folder)) log('source ' + name);
       fs.writeFileSync(value('-o'), 'a binding')`,
    );
    await run();
    expect(machine.calls).toEqual(expect.arrayContaining(['source tfjs_backend.cc', 'source node_api.h']));
  });

  it('installs nothing where the new binding does not run', async () => {
    await expect(run({ verify: () => Promise.reject(new Error('no AVX')) })).rejects.toThrow('no AVX');
    expect(machine.cached).toEqual([]);
  });
});

describe('a second set-up', () => {
  it('runs no program at all', async () => {
    await run();
    const before = machine.calls;
    const nothing = { env: { PATH: '/nowhere' } };
    await expect(run({ command: nothing })).resolves.toMatchObject({ status: 'ready' });
    expect(machine.calls).toEqual(before);
  });

  it('does not wait for another set-up that is running', async () => {
    await run();
    leaveLock(machine.setupLock, {});
    await expect(run({ report: ({ message }) => expect.unreachable(message) })).resolves.toMatchObject({
      status: 'ready',
    });
  });

  it('builds again when forced to', async () => {
    await run();
    writeFileSync(file('include/stray'), 'left by another program');
    await expect(run({ force: true })).resolves.toMatchObject({ status: 'installed' });
    expect(existsSync(file('include/stray'))).toBe(false);
    expect(machine.calls.filter((call) => call === 'pip download')).toHaveLength(2);
    expect(machine.cached).toHaveLength(1);
  });

  it.each([
    ['a library is gone', () => rmSync(file('lib/libtensorflow_framework.so.2'))],
    ['a library is truncated', () => writeFileSync(file('lib/libtensorflow_cc.so.2'), 'the lib')],
    ['the binding has other contents of the same size', () => writeFileSync(file('tfjs_binding.node'), 'A BINDING')],
    ['a link of the linker points elsewhere', () => relink(file('lib/libtensorflow.so'), 'libc.so')],
    ['the manifest is gone', () => rmSync(file('manifest.json'))],
    ['the manifest is cut off', () => writeFileSync(file('manifest.json'), '{"format": 1, "guar')],
    ['the manifest has a file list of another form', () => rewriteManifest({ files: [{ path: 7 }] })],
    ['the manifest is of another format', () => rewriteManifest({ format: 2 })],
  ])('repairs the installation where %s', async (_what, damage) => {
    await run();
    damage();
    expect(state()).not.toBe('intact');
    await expect(run()).resolves.toMatchObject({ status: 'installed' });
    expect(state()).toBe('intact');
    expect(machine.cached).toHaveLength(1);
  });
});

function rewriteManifest(changes: object): void {
  const manifest = JSON.parse(readFileSync(file('manifest.json'), 'utf8')) as object;
  writeFileSync(file('manifest.json'), JSON.stringify({ ...manifest, ...changes }));
}

function relink(path: string, target: string): void {
  rmSync(path);
  symlinkSync(target, path);
}

function installInChild(): ChildProcess {
  const script = fileURLToPath(compiled(new URL('install-child.ts', import.meta.url)));
  const parameters = [script, JSON.stringify(machine.site)];
  const child = spawn(process.execPath, parameters, { env: machine.env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

describe('an interrupted set-up', () => {
  it('leaves nothing behind when it is aborted, and its programs end', async () => {
    machine.setPip('hangs');
    const controller = new AbortController();
    const running = run({ command: { env: machine.env, signal: controller.signal } });
    const settled = expect(running).rejects.toThrow('enough');
    await until(() => machine.hangingPips.length === 1);
    controller.abort(new Error('enough'));
    await settled;
    expect(machine.hangingPips.filter(isRunning)).toEqual([]);
    expect(machine.cached).toEqual([]);
  });

  it('is repaired by the next one when it was killed half-way', async () => {
    machine.setPip('hangs');
    const child = installInChild();
    await until(() => machine.hangingPips.length === 1);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(machine.cached).toEqual([expect.stringMatching(/^\.building\./), '.setup.lock']);
    machine.setPip({ copies: machine.wheel });
    await expect(run()).resolves.toMatchObject({ status: 'installed' });
    expect(machine.cached).toEqual([basename(installationFolder(machine.site))]);
  });
});

describe('two set-ups at once', () => {
  it('build one installation, the second waits for the first', async () => {
    const two = [installInChild(), installInChild()];
    const outputs = two.map((child) => outputOf(child));
    await Promise.all(two.map((child) => once(child, 'close')));
    expect((await Promise.all(outputs)).sort()).toEqual(['installed', expect.stringMatching(/^(ready|linked)$/)]);
    expect(machine.calls.filter((call) => call === 'pip download')).toHaveLength(1);
    expect(machine.cached).toEqual([basename(installationFolder(machine.site))]);
  });

  it.each([
    ['', {}],
    [', which cannot be seen from here; if it has ended, remove LOCK', { host: 'elsewhere', boot: 'another' }],
  ])('say whom they wait for, once, however long that takes%s', async (advice, particulars) => {
    mkdirSync(machine.cacheRoot);
    leaveLock(machine.setupLock, particulars);
    utimesSync(machine.setupLock, 0, 0);
    const said: string[] = [];
    const running = run({ report: ({ step, message }) => said.push(`${step}: ${message}`) });
    // For some looks at the lock.
    await sleep(1000);
    const { pid, host } = { ...thisProcess(), ...particulars };
    expect(said).toEqual([
      `wait: waiting for another set-up (process ${pid} of ${host}${advice.replace('LOCK', machine.setupLock)})`,
    ]);
    expect(machine.calls).toEqual([]);
    rmSync(machine.setupLock);
    await expect(running).resolves.toMatchObject({ status: 'installed' });
  });

  it('refuse where what has the name of their lock is none', async () => {
    mkdirSync(machine.cacheRoot);
    writeFileSync(machine.setupLock, 'a text');
    await expect(run()).rejects.toThrow(`${machine.setupLock} must be a lock of min-char-rnn, but is not one`);
  });

  it('leave the folder of the one that runs, and remove that of a dead one', async () => {
    const name = (particulars: object) => unfinishedName('.building', { ...thisProcess(), ...particulars });
    const [alive, dead] = [name({}), name({ pid: 4194305 })];
    for (const folder of [alive, dead]) mkdirSync(join(machine.cacheRoot, folder), { recursive: true });
    appendFileSync(join(machine.cacheRoot, dead, 'half'), 'x');
    const { folder } = await run();
    expect(machine.cached).toEqual([alive, basename(folder)]);
  });

  it('leave what an older version has there that runs, and remove what a dead one left', async () => {
    const lock = join(machine.cacheRoot, '.lock');
    const [alive, dead] = [`.building-${process.pid}-abc`, '.building-4194305-abc'];
    for (const folder of [alive, dead]) mkdirSync(join(machine.cacheRoot, folder), { recursive: true });
    symlinkSync(`${process.pid}@${hostname()}`, lock);
    const { folder } = await run();
    expect(machine.cached).toEqual([alive, '.lock', basename(folder)]);
    relink(lock, `4194305@${hostname()}`);
    await run({ force: true });
    expect(machine.cached).toEqual([alive, basename(folder)]);
  });
});

async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  if (child.stdout) for await (const piece of child.stdout) text += String(piece);
  return text.trim();
}
