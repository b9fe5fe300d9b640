import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adviceOf, consumer, newProject, withoutConsumer } from './consumer.js';
import { MANAGERS, NPM } from './managers.js';
import type { Project } from './project.js';
import { TEXT, trainWords } from './small-run.js';

describe.skipIf(withoutConsumer.skip)(`a package that was installed by${withoutConsumer.title}`, () => {
  it.each(MANAGERS)('$name, and again from the lock file, trains, saves and advises', async (manager) => {
    const project = newProject(manager);
    project.write('my.txt', TEXT);
    const said = await project.shell(manager.install);
    expect(said).toMatchObject({ code: 0 });
    // pnpm's words for scripts that it was not allowed to run, of which there must be none to run.
    expect(said.stdout + said.stderr).not.toMatch(/ignored build scripts|ERR_PNPM/i);
    expect(scriptsOf(project)).not.toContain('"hasInstallScript"');
    rmSync(join(project.folder, 'node_modules'), { recursive: true, force: true });
    await project.succeed(manager.reinstall);
    for (const backend of ['tensorflow', 'wasm', 'pure']) {
      const lines = await project.program(trainWords(`--backend ${backend} --checkpoint ${backend}.safetensors`));
      expect(lines).toMatch(new RegExp(`^${backend}: .*\\n`));
      expect(lines).toContain(`text: my.txt, ${TEXT.length.toLocaleString('en-US')} characters`);
      const advice = adviceOf(lines);
      expect(advice).toHaveLength(2);
      for (const line of backend === 'pure' ? advice : []) await project.succeed(line);
    }
  });

  it('npm for all projects calls itself by its name, and so it can be called', async () => {
    const project = newProject(NPM);
    project.write('my.txt', TEXT);
    await project.succeed(`npm install --global --no-audit --no-fund --prefix . '${consumer().tarball}'`);
    const shell = (line: string) => project.succeed(`PATH="$PWD/bin:$PATH"; ${line}`);
    const words = trainWords('--backend pure --checkpoint run.safetensors');
    const advice = adviceOf(await shell(`min-char-rnn ${words}`));
    expect(advice).toHaveLength(2);
    for (const line of advice) {
      expect(line).toMatch(/^min-char-rnn /);
      await shell(line);
    }
    expect(await shell('min-char-rnn doctor')).toContain('; npm install --global webgpu@');
  });
});

/** npm's lock file marks every package that runs a script when it is installed. */
function scriptsOf({ folder }: Project): string {
  const lock = join(folder, 'package-lock.json');
  return existsSync(lock) ? readFileSync(lock, 'utf8') : '';
}
