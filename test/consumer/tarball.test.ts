import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { describe, expect, it } from 'vitest';
import { consumer, withoutConsumer } from './consumer.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe.skipIf(withoutConsumer.skip)(`the packed package${withoutConsumer.title}`, () => {
  it('holds what is compiled, what the program reads, and what a reader is sent to', () => {
    const listed = execFileSync('tar', ['-tzf', consumer().tarball], { encoding: 'utf8' }).trim().split('\n');
    const files = listed.map((path) => path.replace(/^package\//, ''));
    const sources = readdirSync(`${ROOT}/src`, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.ts'),
    );
    const compiled = sources.flatMap((path) => [`dist/${path.slice(0, -3)}.js`, `dist/${path.slice(0, -3)}.d.ts`]);
    const dist = files.filter((path) => path.startsWith('dist/'));
    expect(dist.filter((path) => !compiled.includes(path)).sort()).toMatchSnapshot();
    expect(compiled.filter((path) => !dist.includes(path))).toEqual([]);
    expect(files.filter((path) => !path.startsWith('dist/')).sort()).toMatchSnapshot();
  });

  it('is found right by publint', async () => {
    const bytes = readFileSync(consumer().tarball);
    const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    expect((await publint({ pkgDir: ROOT, pack: { tarball }, strict: true })).messages).toEqual([]);
  });

  it('has types that attw finds right for every way that ES modules are found', () => {
    const attw = `${ROOT}/node_modules/.bin/attw`;
    const report = execFileSync(attw, [consumer().tarball, '--profile', 'esm-only', '--no-color'], {
      encoding: 'utf8',
    });
    expect(report).toContain('No problems found');
  });
});
