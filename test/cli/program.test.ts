import { join } from 'node:path';
import { expect, it } from 'vitest';
import { programName } from '../../src/cli/program.js';

const HERE = process.cwd();

it.each([
  ['its source', join(HERE, 'src/cli/main.ts'), join(HERE, 'src/cli/program.ts'), 'npx tsx src/cli/main.ts'],
  [
    'another script in a clone',
    join(HERE, 'scripts/start.ts'),
    join(HERE, 'src/cli/program.ts'),
    'npx tsx src/cli/main.ts',
  ],
  ['its source elsewhere', '/a b/src/cli/main.ts', '/a b/src/cli/program.ts', "npx tsx '/a b/src/cli/main.ts'"],
  ['its built file', join(HERE, 'dist/cli/main.js'), join(HERE, 'dist/cli/program.js'), 'node dist/cli/main.js'],
  [
    'the bin of a global package',
    '/usr/bin/min-char-rnn',
    '/usr/lib/node_modules/min-char-rnn/dist/cli/program.js',
    'min-char-rnn',
  ],
  [
    'the bin of a project',
    '/p/node_modules/.bin/min-char-rnn',
    '/p/node_modules/min-char-rnn/dist/cli/program.js',
    'npx min-char-rnn',
  ],
])('a program that was called as %s calls itself so', (_what, called, own, name) => {
  expect(programName(called, own)).toBe(name);
});
