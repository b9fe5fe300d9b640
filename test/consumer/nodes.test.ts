import { beforeAll, describe, expect, it } from 'vitest';
import { BACKENDS } from '../../src/options/choices.js';
import { folderOfProject, withoutConsumer } from './consumer.js';
import { NODE_VERSIONS } from './prepare.js';
import type { Project } from './project.js';
import { TEXT, trainWords } from './small-run.js';

/** WebGPU needs a graphics adapter, if one in software. */
const ADAPTER = process.env.VK_ICD_FILENAMES !== undefined;
const backends = BACKENDS.filter((backend) => backend !== 'webgpu' || ADAPTER);

describe.skipIf(withoutConsumer.skip)(`the package as npm installed it${withoutConsumer.title}`, () => {
  let project: Project;
  /** The losses that a backend reports; they must not depend on the version of Node. */
  const losses = new Map<string, string>();

  beforeAll(async () => {
    project = folderOfProject('nodes');
    project.write('my.txt', TEXT);
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
      expect(await project.program(`train my.txt --resume ${file} --steps 120`)).toContain('step 120 ');
      expect(await project.program(`sample ${file} --length 40 --backend ${backend}`)).toHaveLength(40);
      expect(await project.program(`eval ${file} my.txt --backend ${backend}`)).toMatch(/nats\/char/);
      if (backend !== 'pure') await project.program(`gradcheck --backend ${backend}`);
    });
  });
});

/** The command with which doctor says how to get WebGPU. */
async function webgpuAdvice(project: Project): Promise<string> {
  const line = /^no {4}webgpu .* not installed; (.*)$/m.exec(await project.program('doctor'))?.[1];
  if (line === undefined) throw new Error('doctor must say how to install what WebGPU needs');
  return line;
}
