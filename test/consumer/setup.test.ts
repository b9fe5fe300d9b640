import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { nativeStatus } from '../../src/native/status.js';
import { scratchFolder } from '../scratch-folder.js';
import { folderOfProject, newProject, withoutConsumer } from './consumer.js';
import { NPM, PLUG_AND_PLAY } from './managers.js';
import type { Project } from './project.js';
import { TEXT } from './small-run.js';

/** A run that TensorFlow would be chosen for. */
const LARGE = 'train my.txt --hidden-size 256 --batch-size 8 --steps 2 --report-every 1 --sample-every 0';

/**
 * The library in a cache of its own, as another version of this program has set it up: the binding that is missing is
 * compiled, nothing is fetched. @returns its folder.
 */
function olderInstallation(): string {
  const status = nativeStatus();
  if (status.kind === 'absent') throw new Error(status.reason);
  const cache = join(scratchFolder(), 'cache');
  mkdirSync(cache);
  const older = join(cache, `${basename(status.folder).slice(0, -8)}00000000`);
  execFileSync('cp', ['-al', status.folder, older]);
  return older;
}

it.skipIf(withoutConsumer.skip || process.platform !== 'linux').each([NPM, PLUG_AND_PLAY])(
  `setup in a project of $name is advised, and installs the library${withoutConsumer.title}`,
  async (manager) => {
    const project = manager === NPM ? folderOfProject('setup') : newProject(manager);
    if (manager !== NPM) await project.succeed(manager.install);
    project.write('my.txt', TEXT);
    const older = olderInstallation();
    const env = { MIN_CHAR_RNN_CACHE: dirname(older) };
    const setup = `${manager.run} setup`;
    const without = await project.program(LARGE, env);
    expect(without).toMatch(/^wasm: .*tensorflow cannot run here: .* set up for another version of this program only/);
    expect(without).toContain(`; run ${setup})`);
    expect(await project.succeed(setup, env)).toMatch(/^TensorFlow [\d.]+ is ready /m);
    expect(await project.program(LARGE, env)).toMatch(/^tensorflow: /);
    if (manager === NPM) await repairAndRemove(project, older);
  },
);

/** What setup does with the library that it has just installed, beside an older one. */
async function repairAndRemove(project: Project, older: string): Promise<void> {
  const cache = dirname(older);
  const program = (words: string) => project.program(words, { MIN_CHAR_RNN_CACHE: cache });
  const setup = `${project.manager.run} setup`;
  const names = readdirSync(cache).filter((name) => name.startsWith('tensorflow-'));
  const folder = join(cache, names.find((name) => name !== basename(older)) ?? '');
  rmSync(join(folder, 'tfjs_binding.node'));
  expect(await program('doctor')).toContain(`is missing or damaged; ${setup} repairs it\n`);
  await program('setup');
  expect(await program('doctor')).toMatch(/^runs {2}tensorflow/m);
  expect(await program('setup --clean')).toContain(`removed ${older} (`);
  expect(existsSync(folder)).toBe(true);
  expect(await program('setup --remove')).toContain(`removed ${folder} (`);
  expect(await program('doctor')).toContain(`TensorFlow's native library is not set up; run ${setup}\n`);
}
