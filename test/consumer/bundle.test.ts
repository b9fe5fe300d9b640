import { execFile } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { scratchFolder } from '../scratch-folder.js';
import { folderOfProject, withoutConsumer } from './consumer.js';
import { TEXT, trainWords } from './small-run.js';

const SAMPLE = `
import { Model } from 'min-char-rnn';
const model = await Model.load('run.safetensors');
for await (const piece of model.generate({ length: 50, seed: 1 })) process.stdout.write(piece);
`;

it.skipIf(withoutConsumer.skip)(
  `sampling is bundled by esbuild without a warning, and runs where nothing is installed${withoutConsumer.title}`,
  async () => {
    const project = folderOfProject('bundle');
    project.write('my.txt', TEXT);
    await project.program(trainWords('--backend pure --checkpoint run.safetensors'));
    project.write('sample.js', SAMPLE);
    const elsewhere = scratchFolder();
    const { warnings } = await build({
      absWorkingDir: project.folder,
      entryPoints: ['sample.js'],
      outfile: join(elsewhere, 'sample.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
    });
    expect(warnings).toEqual([]);
    copyFileSync(join(project.folder, 'run.safetensors'), join(elsewhere, 'run.safetensors'));
    const { stdout } = await promisify(execFile)(process.execPath, ['sample.mjs'], { cwd: elsewhere });
    expect(stdout).toBe(await project.succeed('node sample.js'));
    expect(stdout).toHaveLength(50);
  },
);
