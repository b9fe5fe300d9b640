import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { normalizeArguments } from '../../src/cli/grammar/arguments.js';
import { nameOf } from '../../src/cli/grammar/command.js';
import { buildParser } from '../../src/cli/parser.js';
import { programWith, run } from './processes.js';
import { STUBS } from './grammar/stubbed-parser.js';
import { kebabCase } from '../../src/options/names.js';
import { DEFAULTS } from '../../src/options/train-options.js';

const MANIFEST = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Prints the CommonJS modules that the process has loaded when it ends: TensorFlow.js is CommonJS. */
const SPY = `data:text/javascript,${encodeURIComponent(
  "import { createRequire } from 'node:module';" +
    "const { cache } = createRequire('file:///');" +
    "process.on('exit', () => process.stderr.write(Object.keys(cache).join('\\n')));",
)}`;

/** What would be printed on a terminal so many columns wide. */
function helpOf(argv: string[], columns: number): Promise<string> {
  return new Promise((resolve) => {
    const parser = buildParser(argv, STUBS, columns);
    void parser.parse(normalizeArguments(argv, STUBS), {}, (_error, _argv, output) => resolve(output));
  });
}

describe('--help', () => {
  it('names every command, shows examples and exit codes, and ends with 0', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const { command, describe } of STUBS) {
      expect(stdout).toContain(`\n  ${command} `);
      expect(stdout).toContain(describe.split(' ')[0]);
    }
    expect(stdout.match(/^ {2}min-char-rnn \w+ .+/gm)).toHaveLength(2);
    expect(stdout).toMatch(/Exit codes: 0 .*1 .*2 .*130 /s);
  });

  it('of a command lists every option of it once, with its default', async () => {
    const { code, stdout, stderr } = await run(['train', '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const entries = stdout.split(/\n {2}(?=--)/).map((entry) => entry.replace(/\s+/g, ' '));
    const listed = entries.slice(1).map((entry) => entry.split(' ')[0]);
    const options = Object.keys(STUBS[0].builder).map((name) =>
      ['compile', 'cache'].includes(name) ? `--no-${name}` : `--${name}`,
    );
    expect(listed.sort()).toEqual([...options, '--help', '--version'].sort());
    for (const [name, value] of Object.entries({
      ...DEFAULTS,
      evalEvery: 'an epoch, at most 10000',
      preset: 'seed',
      backend: 'auto',
    })) {
      const entry = entries.find((line) => line.startsWith(`--${kebabCase(name)} `));
      expect(entry).toMatch(new RegExp(`(\\(|; )default ${value}\\)`));
    }
  });

  it.each(STUBS.map(nameOf))('of %s fits 80 and 100 columns, grouped, without types', async (name) => {
    for (const columns of [80, 100, 200]) {
      const lines = (await helpOf([name, '--help'], columns)).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.min(columns, 100));
      expect(lines[0]).toMatch(new RegExp(`^min-char-rnn ${name} .*\\[options\\]$`));
      expect(lines.join('\n')).not.toMatch(/\[(string|boolean|number)\]/);
      for (const group of lines.filter((line) => /^\S.*:$/.test(line))) expect(group).not.toContain('--');
    }
  });

  it.each([[['-h']], [['help']], [['--help', '--steps', 'x']]])('comes after %j too', async (argv) => {
    expect(await helpOf(argv, 80)).toBe(await helpOf(['--help'], 80));
  });

  it.each([[['help', 'sample']], [['sample', '-h']], [['--help', 'sample', '--bogus']]])(
    'of a command comes after %j too',
    async (argv) => {
      expect(await helpOf(argv, 80)).toBe(await helpOf(['sample', '--help'], 80));
    },
  );
});

it.each(['--version', '-v'])('%s prints the version of package.json and ends with 0', async (flag) => {
  expect(await run([flag])).toMatchObject({ code: 0, stdout: `${MANIFEST.version}\n`, stderr: '' });
});

describe('a command line that only asks', () => {
  it('loads no TensorFlow', async () => {
    const { stderr } = await promisify(execFile)(process.execPath, programWith(['--help'], [SPY]));
    expect(stderr).not.toContain('tensorflow');
  });

  it('imports nothing at first but yargs, the nearest-word search and what comes with Node', () => {
    const outside = new Set<string>();
    const seen = new Set<string>();
    const visit = (file: URL) => {
      if (seen.has(file.href)) return;
      seen.add(file.href);
      for (const specifier of importsOf(readFileSync(file, 'utf8'))) {
        if (specifier.startsWith('.')) visit(new URL(specifier.replace(/\.js$/, '.ts'), file));
        else if (!specifier.startsWith('node:')) outside.add(specifier);
      }
    };
    visit(new URL('../../src/cli/main.ts', import.meta.url));
    expect(seen.size).toBeGreaterThan(10);
    expect([...outside].sort()).toEqual(['fastest-levenshtein', 'yargs']);
  });
});

/** What a module imports when it is loaded: not its types, and not what it imports later. */
function importsOf(source: string): string[] {
  const statements = source.matchAll(/^(?:import|export)\s(?!type\s)(?:[^;'"]*?\sfrom\s)?['"]([^'"]+)['"];/gm);
  return Array.from(statements, ([, specifier]) => specifier);
}
