import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { BACKENDS } from '../../src/options/choices.js';
import { folderOfProject, withoutConsumer } from './consumer.js';
import { NODE_VERSIONS } from './prepare.js';
import type { Project } from './project.js';
import { LINE, TEXT, trainWords } from './small-run.js';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));

/** WebGPU needs a graphics adapter, if one in software. */
const ADAPTER = process.env.VK_ICD_FILENAMES !== undefined;
const backends = BACKENDS.filter((backend) => backend !== 'webgpu' || ADAPTER);

/** Starts serve.js, reads what a client gets, ends it. */
const CLIENT = `
import { spawn } from 'node:child_process';
const server = spawn(process.execPath, ['serve.js'], { stdio: 'inherit' });
const get = () => fetch('http://127.0.0.1:8080/').then((answer) => answer.text(), () => undefined);
let text;
while (text === undefined && server.exitCode === null) text = await get();
server.kill();
console.log(text?.length);
`;

describe.skipIf(withoutConsumer.skip)(`the package as npm installed it${withoutConsumer.title}`, () => {
  let project: Project;
  /** The losses that a backend reports; they must not depend on the version of Node. */
  const losses = new Map<string, string>();

  beforeAll(async () => {
    project = folderOfProject('nodes');
    cpSync(EXAMPLES, project.folder, { recursive: true });
    project.write('my.txt', TEXT);
    project.write('line.txt', LINE);
    project.write('client.js', CLIENT);
    if (ADAPTER) await project.succeed(await webgpuAdvice(project));
  });

  describe.each(NODE_VERSIONS)('on Node %s', (version) => {
    beforeAll(async () => {
      project.useNode(version);
      expect(await project.succeed('node --version')).toMatch(new RegExp(`^v${version}\\.`));
    });

    it.each(backends)('trains, resumes, samples, evaluates and checks gradients with %s', async (backend) => {
      const file = `${backend}-${version}.safetensors`;
      const lines = await project.program(trainWords(`--backend ${backend} --checkpoint ${file}`));
      expect(lines).toMatch(new RegExp(`^${backend}: `));
      const reported = Array.from(lines.matchAll(/loss (\S+) /g), ([, loss]) => loss).join();
      expect(reported).toBe(losses.get(backend) ?? reported);
      losses.set(backend, reported);
      expect(await project.program(`train my.txt --resume ${file} --steps 30`)).toContain('step 30 ');
      expect(await project.program(`sample ${file} --length 40 --backend ${backend}`)).toHaveLength(40);
      expect(await project.program(`eval ${file} line.txt --backend ${backend}`)).toMatch(/nats\/char/);
      if (backend !== 'pure') await project.program(`gradcheck --backend ${backend}`);
    });

    it('runs the examples', async () => {
      expect(await project.succeed('node train.js')).toMatch(/^5000 \d/m);
      expect(await project.succeed('timeout --preserve-status -s INT 3 node abort.js')).toMatch(/\d steps$/);
      expect(await project.succeed('node save.js')).toMatch(/^[\d.]+ [\d.]+$/m);
      expect(await project.succeed('node client.js')).toBe('10000\n');
      expect(await project.succeed('node trace.js')).toMatch(/^Tensor/);
    });
  });
});

/** The command with which doctor says how to get WebGPU. */
async function webgpuAdvice(project: Project): Promise<string> {
  const line = /^no {4}webgpu .* not installed; (.*)$/m.exec(await project.program('doctor'))?.[1];
  if (line === undefined) throw new Error('doctor must say how to install what WebGPU needs');
  return line;
}
