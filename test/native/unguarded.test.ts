import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bindingPlace, findTfjsNode } from '../../src/native/site.js';
import { nativeStatus } from '../../src/native/status.js';
import { compiled } from '../compiled.js';
import { scratchFolder } from '../scratch-folder.js';
import { withoutTensorflow } from '../cli/processes.js';

const ROOT = fileURLToPath(compiled(new URL('../../', import.meta.url)));

/** This program with a tfjs-node whose binding is a file of its own, as its installer puts there, not setup's. */
function copyWithForeignBinding(): string {
  const copy = scratchFolder();
  for (const name of ['src', 'package.json']) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  const [from, to] = [join(ROOT, 'node_modules'), join(copy, 'node_modules')];
  const link = (name: string) => symlinkSync(realpathSync(join(from, name)), join(to, name));
  mkdirSync(join(to, '@tensorflow'), { recursive: true });
  readdirSync(from)
    .filter((name) => name !== '@tensorflow' && !name.startsWith('.'))
    .forEach(link);
  const ours = readdirSync(join(from, '@tensorflow')).filter((name) => name !== 'tfjs-node');
  ours.forEach((name) => link(join('@tensorflow', name)));
  const tfjsNode = join(to, '@tensorflow', 'tfjs-node');
  cpSync(findTfjsNode() ?? '', tfjsNode, { recursive: true });
  const place = bindingPlace(tfjsNode);
  const guarded = realpathSync(bindingPlace(findTfjsNode() ?? ''));
  rmSync(dirname(place), { recursive: true });
  mkdirSync(dirname(place));
  cpSync(guarded, place);
  symlinkSync(join(dirname(guarded), 'lib'), join(dirname(place), 'lib'));
  return copy;
}

const ready = nativeStatus().kind === 'ready';

describe.skipIf(!ready)(`a tfjs-node that setup did not build${withoutTensorflow.title}`, () => {
  it('is said to be unguarded by doctor and by the first line of train', () => {
    const copy = copyWithForeignBinding();
    const said = (...args: string[]) => {
      const main = join(copy, 'src', 'cli', 'main.js');
      const { stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
      expect(stderr).toBe('');
      return stdout;
    };
    const doctor = said('doctor');
    expect(doctor).toMatch(/^runs {2}tensorflow/m);
    expect(doctor).toMatch(/^native library: .*not built by this program: signals may crash it; .*setup --force/m);
    expect(doctor).toContain(basename(copy));
    const [first] = said('train', '--steps', '1', '--sample-every', '0', '--backend', 'tensorflow').split('\n');
    expect(first).toMatch(
      /^warning: this tfjs-node was not built by setup, so a signal .* may crash it; .*setup --force/,
    );
    const [other] = said('train', '--steps', '1', '--sample-every', '0', '--backend', 'pure').split('\n');
    expect(other).toMatch(/^pure:/);
  });
});
