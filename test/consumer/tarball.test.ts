import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { describe, expect, it } from 'vitest';
import { filesLinkedFrom, isAmong, PAGES } from '../links.js';
import { consumer, withoutConsumer } from './consumer.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The built-in text, what stands for TensorFlow.js, the licenses of the packages in the program, what is carried of
 * tfjs-node with its license, the pages' scripts.
 */
const READ_BY_PROGRAM =
  /^dist\/(corpus\/built-in\.txt|cli\/LICENSES\.txt|tfjs\/(core|backend-wasm)\.js|native\/(tfjs-node\.cjs|LICENSE-tfjs-node\.txt|binding-source\/\w+\.(cc|h))|pages\/\w+\.bundle\.json)$/;

describe.skipIf(withoutConsumer.skip)(`the packed package${withoutConsumer.title}`, () => {
  it('holds what is compiled, what the program reads and what its pages link to, and nothing else', () => {
    const listed = execFileSync('tar', ['-tzf', consumer().tarball], { encoding: 'utf8' }).trim().split('\n');
    const files = listed.map((path) => path.replace(/^package\//, ''));
    const expected = [...compiled(), ...PAGES.flatMap(filesLinkedFrom), ...PAGES, 'LICENSE', 'package.json'];
    expect(expected.filter((path) => !isAmong(files, path))).toEqual([]);
    const others = files.filter((path) => !expected.some((name) => isAmong([path], name)));
    expect(others.filter((path) => !READ_BY_PROGRAM.test(path))).toEqual([]);
  });

  it('is found right by publint', async () => {
    const bytes = readFileSync(consumer().tarball);
    const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    expect((await publint({ pack: { tarball }, strict: true })).messages).toEqual([]);
  });

  it('has types that attw finds right for every way that ES modules are found', () => {
    const attw = `${ROOT}/node_modules/.bin/attw`;
    // It ends with 1 where anything is wrong.
    execFileSync(attw, [consumer().tarball, '--profile', 'esm-only', '--quiet']);
  });
});

/** What the build makes of each source; what is for browsers is in the pages' bundles. */
function compiled(): string[] {
  const sources = readdirSync(`${ROOT}/src`, { recursive: true, encoding: 'utf8' });
  const modules = sources.filter((path) => path.endsWith('.ts') && !path.startsWith('pages/browser/'));
  return modules.flatMap((path) => [`dist/${path.slice(0, -3)}.js`, `dist/${path.slice(0, -3)}.d.ts`]);
}
