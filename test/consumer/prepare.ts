import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { outsideEnvironment } from './environment.js';
import { NPM } from './managers.js';
import { type Consumer, Project, THIS_NODE } from './project.js';

/** What the tests of a consumer's project have, where they run at all. */
export interface Prepared extends Consumer {
  /** A project that has the package installed by npm, for tests that leave it as it is but for a folder of their own. */
  readonly project: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Undefined where the tests of a consumer's project were not asked for. */
    consumer: Prepared | undefined;
  }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The versions of Node that are supported; the one that runs the tests need not be fetched. */
export const NODE_VERSIONS = ['20', '22', '24'] as const;

/** Packages that carry the package managers, compilers and versions of Node, by the name they get here. */
const TOOLS: Readonly<Record<string, string>> = {
  npm10: 'npm:npm@10',
  npm11: 'npm:npm@11',
  pnpm10: 'npm:pnpm@10',
  pnpm: 'latest',
  yarn: '1',
  '@yarnpkg/cli-dist': '4',
  typescript7: 'npm:typescript@7',
  ...Object.fromEntries(
    NODE_VERSIONS.filter((version) => version !== THIS_NODE).map((version) => [
      `node${version}`,
      `npm:node-${process.platform}-${process.arch}@${version}`,
    ]),
  ),
};

/** Packs the package once and fetches what all tests of a consumer's project share, if CONSUMER is set. */
export default async function prepare(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!process.env.CONSUMER) {
    project.provide('consumer', undefined);
    return undefined;
  }
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'min-char-rnn-consumer-')));
  const tools = join(folder, 'tools');
  const packed = join(folder, 'packed');
  mkdirSync(tools);
  mkdirSync(packed);
  writeFileSync(join(tools, 'package.json'), JSON.stringify({ private: true, dependencies: TOOLS }));
  const npm = (cwd: string, ...args: string[]) => promisify(execFile)('npm', args, { cwd, env: outsideEnvironment() });
  await Promise.all([
    npm(ROOT, 'pack', '--silent', '--pack-destination', packed),
    npm(tools, 'install', '--ignore-scripts', '--no-audit', '--no-fund'),
  ]);
  const [tarball = ''] = readdirSync(packed);
  const consumer = { tarball: join(packed, tarball), tools: join(tools, 'node_modules') };
  const shared = Project.create(NPM, consumer);
  await shared.succeed(NPM.install);
  project.provide('consumer', { ...consumer, project: shared.folder });
  return async () => {
    await shared.remove();
    await rm(folder, { recursive: true, force: true });
  };
}
