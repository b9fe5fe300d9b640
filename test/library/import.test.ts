import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { compiled } from '../compiled.js';

/** Writes the URL of every module that is loaded. */
const WATCH = `
import { writeSync } from 'node:fs';
export async function load(url, context, next) {
  writeSync(1, url + '\\n');
  return next(url, context);
}`;
const dataUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

/** The modules that a program loads: those that are imported, and those that are required. */
async function modulesOf(program: string): Promise<string[]> {
  const hook = dataUrl(`import { register } from 'node:module'; register(${JSON.stringify(dataUrl(WATCH))});`);
  const required = "(await import('node:module')).default._cache";
  const code = `${program}; for (const path of Object.keys(${required})) console.log(path);`;
  const args = ['--import', hook, '--input-type=module', '--eval', code];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout.trim().split('\n');
}

/** Packages that only a training needs, or only the command line; and the rooms that come with them. */
const LATE =
  /@tensorflow|\/tfjs\b|yargs|cli-progress|vega|resvg|webgpu|yauzl|pbf|\/src\/(backends|run|trainer|cluster|native|pages|cli|metrics)\/(?!diverged)/;

it('importing the library loads no TensorFlow.js and nothing else that is not needed yet', async () => {
  const index = compiled(new URL('../../src/index.ts', import.meta.url));
  const program = `const { train } = await import('${index}')`;
  const modules = await modulesOf(program);
  expect(modules.some((url) => url.endsWith('/src/library/train.js'))).toBe(true);
  expect(modules.filter((url) => LATE.test(url))).toEqual([]);
  // The same look finds it where it is loaded.
  const training = await modulesOf(
    `${program}; await train('abcd'.repeat(50), { steps: 1, backend: 'wasm' }).finish()`,
  );
  expect(training.some((url) => url.includes('tfjs-core'))).toBe(true);
  expect(training.some((url) => url.includes('/src/backends/'))).toBe(true);
});
