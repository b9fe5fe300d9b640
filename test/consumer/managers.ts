/** A package manager: the programs that it is called by, and what a person types. */
export interface Manager {
  readonly name: string;
  /** Files of the tools' node_modules, by the command that each answers to. */
  readonly programs: Readonly<Record<string, string>>;
  readonly install: string;
  /** From the lock file, as a continuous integration does. */
  readonly reinstall: string;
  /** Its start of a command of the package. */
  readonly run: string;
  /** Other files that the project begins with. */
  readonly files?: Readonly<Record<string, string>>;
}

const npm = (name: string): Manager => ({
  name: name.replace(/(\d+)$/, ' $1'),
  programs: { npm: `${name}/bin/npm-cli.js`, npx: `${name}/bin/npx-cli.js` },
  install: 'npm install --no-audit --no-fund',
  reinstall: 'npm ci --no-audit --no-fund',
  run: 'npx min-char-rnn',
});

const pnpm = (name: string, folder: string, program: string): Manager => ({
  name,
  programs: { pnpm: `${folder}/${program}` },
  install: 'pnpm install',
  reinstall: 'pnpm install --frozen-lockfile',
  run: 'pnpm exec min-char-rnn',
});

const berry = (linker: 'node-modules' | 'pnp'): Manager => ({
  name: `yarn 4, ${linker}`,
  programs: { yarn: '@yarnpkg/cli-dist/bin/yarn.js' },
  install: 'yarn install',
  reinstall: 'yarn install --immutable',
  run: 'yarn min-char-rnn',
  // The empty lock file says that this is a project of its own.
  files: { 'yarn.lock': '', '.yarnrc.yml': `nodeLinker: ${linker}\nenableGlobalCache: false\n` },
});

const yarn1: Manager = {
  name: 'yarn 1',
  programs: { yarn: 'yarn/bin/yarn.js' },
  install: 'yarn install --non-interactive',
  reinstall: 'yarn install --non-interactive --frozen-lockfile',
  run: 'yarn --silent min-char-rnn',
};

export const NPM = npm('npm11');
export const PLUG_AND_PLAY = berry('pnp');
export const MANAGERS: readonly Manager[] = [
  npm('npm10'),
  NPM,
  pnpm('pnpm 10', 'pnpm10', 'bin/pnpm.cjs'),
  pnpm('pnpm, the newest', 'pnpm', 'pnpm'),
  yarn1,
  berry('node-modules'),
  PLUG_AND_PLAY,
];
