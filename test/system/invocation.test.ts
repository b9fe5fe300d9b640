import { join } from 'node:path';
import { expect, it } from 'vitest';
import { installCommand, type Invocation, programName } from '../../src/system/invocation.js';

const HERE = process.cwd();
const LIBRARY = 'node_modules/min-char-rnn/dist/system/invocation.js';
const MAIN = 'node_modules/min-char-rnn/dist/cli/main.js';

const CASES: [what: string, invocation: Partial<Invocation>, name: string, install: string][] = [
  ['its source', { called: 'src/cli/main.ts', own: 'src/system/invocation.ts' }, 'npx tsx src/cli/main.ts', 'npm ci'],
  ['another script', { called: 'scripts/a.ts', own: 'src/system/invocation.ts' }, 'npx tsx src/cli/main.ts', 'npm ci'],
  [
    'its source elsewhere',
    { called: '/a b/src/cli/main.ts', own: '/a b/src/system/invocation.ts' },
    "npx tsx '/a b/src/cli/main.ts'",
    'npm ci',
  ],
  ['its build', { called: 'dist/cli/main.js', own: 'dist/system/invocation.js' }, 'node dist/cli/main.js', 'npm ci'],
  [
    'a global bin of npm',
    { called: '/usr/bin/min-char-rnn', own: `/usr/lib/${LIBRARY}` },
    'min-char-rnn',
    'npm install --global webgpu',
  ],
  [
    'a global bin of pnpm',
    { called: `/pnpm/global/5/${MAIN}`, own: `/pnpm/global/5/node_modules/.pnpm/x/${LIBRARY}` },
    'min-char-rnn',
    'pnpm add --global webgpu',
  ],
  [
    'npx alone',
    { called: '/root/.npm/_npx/1/node_modules/.bin/min-char-rnn' },
    'npx min-char-rnn',
    'npm install webgpu',
  ],
  ["a project's bin", { called: 'node_modules/.bin/min-char-rnn' }, 'npx min-char-rnn', 'npm install webgpu'],
  [
    "a project's link to a clone",
    { called: 'node_modules/.bin/min-char-rnn', own: '/clone/dist/system/invocation.js' },
    'npx min-char-rnn',
    'npm install webgpu',
  ],
  [
    'a library, started from anywhere',
    { called: '/p/server.js', own: `/p/${LIBRARY}` },
    'npx min-char-rnn',
    'npm install webgpu',
  ],
  [
    'a bin under pnpm',
    { called: MAIN, own: `node_modules/.pnpm/x/${LIBRARY}` },
    'pnpm exec min-char-rnn',
    'pnpm add webgpu',
  ],
  [
    'a bin under yarn',
    { called: 'node_modules/.bin/min-char-rnn', agent: 'yarn/1.22.22 npm/? node/v20' },
    'yarn min-char-rnn',
    'yarn add webgpu',
  ],
  [
    "a bin under Plug'n'Play",
    { called: `/cache/x.zip/${MAIN}`, own: `/cache/x.zip/${LIBRARY}`, isPlugAndPlay: true },
    'yarn min-char-rnn',
    'yarn add webgpu',
  ],
];

it.each(CASES)(
  'a program that was called as %s calls itself so',
  (_what, { called = '', own = LIBRARY, ...others }, name, install) => {
    const invocation = {
      agent: undefined,
      isPlugAndPlay: false,
      called: absolute(called),
      own: absolute(own),
      ...others,
    };
    expect(programName(invocation)).toBe(name);
    expect(installCommand(['webgpu'], invocation)).toBe(install);
  },
);

const absolute = (path: string): string => (path.startsWith('/') ? path : join(HERE, path));
