import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { Model, train } from '../../src/index.js';
import { endWithTest, withoutTensorflow } from '../cli/processes.js';
import { compiled } from '../compiled.js';
import { blocksOf, documentation, guide, type Page } from '../docs/pages.js';
import { scratchFolder } from '../scratch-folder.js';
import { SMALL, TEXT } from './models.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const names = readdirSync(join(ROOT, 'examples'));
const textOf = (name: string) => readFileSync(join(ROOT, 'examples', name), 'utf8');
const run = promisify(execFile);

/** Lets a server have any port that is free, and print it. */
const FREE_PORT = `data:text/javascript,${encodeURIComponent(`
  import net from 'node:net';
  const listen = net.Server.prototype.listen;
  net.Server.prototype.listen = function () {
    return listen.call(this, 0, '127.0.0.1', () => process.stdout.write(String(this.address().port)));
  };
`)}`;

/** A project that has the package installed, a text and the example. */
function projectWith(name: string, { onTestFinished }: TestContext): { cwd: string; script: string } {
  const cwd = scratchFolder(onTestFinished);
  const installed = join(cwd, 'node_modules', 'min-char-rnn');
  mkdirSync(installed, { recursive: true });
  copyFileSync(join(ROOT, 'package.json'), join(installed, 'package.json'));
  symlinkSync(fileURLToPath(compiled(new URL('../../src', import.meta.url))), join(installed, 'dist'));
  writeFileSync(join(cwd, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(cwd, 'my.txt'), TEXT.repeat(3));
  copyFileSync(join(ROOT, 'examples', name), join(cwd, name));
  return { cwd, script: name };
}

async function output(name: string, context: TestContext): Promise<{ cwd: string; stdout: string }> {
  const { cwd, script } = projectWith(name, context);
  const { stdout, stderr } = await run(process.execPath, [script], { cwd });
  expect(stderr).toBe('');
  return { cwd, stdout };
}

describe.concurrent('the examples', () => {
  let model: Model;
  beforeAll(async () => (model = await train(TEXT, SMALL).finish()));

  it('are in the guide word for word, in five lines or fewer', () => {
    const programs = (pages: Page[]) =>
      pages.flatMap(blocksOf).flatMap(({ language, code }) => (language === 'js' ? [code] : []));
    expect(programs(guide()).sort()).toEqual(names.map(textOf).sort());
    expect(names.map(textOf)).toEqual(expect.arrayContaining(programs(documentation())));
    for (const name of names) expect(textOf(name).trim().split('\n').length, name).toBeLessThanOrEqual(5);
  });

  it('train.js trains and prints reports and samples', async (context) => {
    const { stdout } = await output('train.js', context);
    expect(stdout.match(/^\d+ \d\.\d+$/gm)).toHaveLength(50);
    expect(stdout.length).toBeGreaterThan(50 * 200);
  });

  it('abort.js ends with Ctrl-C, after the step', async (context) => {
    const { cwd, script } = projectWith('abort.js', context);
    const child = endWithTest(spawn(process.execPath, [script], { cwd }));
    let printed = '';
    child.stdout.on('data', (data: Buffer) => (printed += data.toString()));
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(printed).toMatch(/^(\r\d+ steps)+$/);
  });

  it('save.js saves a model that it measures', async (context) => {
    const { cwd, stdout } = await output('save.js', context);
    expect((await Model.load(join(cwd, 'my.safetensors'))).options).toMatchObject({ steps: 300, hiddenSize: 256 });
    const [nats, perplexity] = stdout.trim().split(' ').map(Number);
    expect(Math.abs(Math.log(perplexity) - nats)).toBeLessThan(1e-9);
  });

  it('serve.js streams text, and goes on when a client leaves', async (context) => {
    const { cwd, script } = projectWith('serve.js', context);
    await model.save(join(cwd, 'my.safetensors'));
    const child = endWithTest(spawn(process.execPath, ['--import', FREE_PORT, script], { cwd }));
    const [printed] = (await once(child.stdout, 'data')) as [Buffer];
    const url = `http://127.0.0.1:${printed.toString()}/`;
    const leaving = new AbortController();
    await fetch(url, { signal: leaving.signal });
    leaving.abort();
    expect([...(await (await fetch(url)).text())]).toHaveLength(10_000);
    expect(child.exitCode).toBeNull();
  });

  it.skipIf(withoutTensorflow.skip)(
    `trace.js runs a function as a graph${withoutTensorflow.title}`,
    async (context) => {
      expect((await output('trace.js', context)).stdout).toMatch(/^Tensor\n {4}\[\[(-?[01](\.\d+)? *,? ?){8}\],/);
    },
  );
});
