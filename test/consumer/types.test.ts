import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { consumer, folderOfProject, withoutConsumer } from './consumer.js';
import type { Project } from './project.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Uses what a project uses; each line fails where a type is `any`. */
const USE = `
import { type Evaluation, Model, openCorpus, train, type TrainOptions, type TrainingEvent, UserError } from 'min-char-rnn';

const options: TrainOptions = { preset: 'fast', steps: 10, signal: AbortSignal.timeout(1000) };
// @ts-expect-error -- there is no such preset
const wrong: TrainOptions = { preset: 'faster' };
for await (const event of train(await openCorpus('my.txt'), options)) {
  const either: TrainingEvent = event;
  // @ts-expect-error -- only a sample has a text
  either.text.trim();
  if (event.type === 'sample') event.text satisfies string;
}
const model: Model = await train('a text', wrong).finish();
const result: Evaluation = await model.evaluate('a text');
result.natsPerChar satisfies number;
for await (const piece of model.generate({ length: 10 })) piece satisfies string;
try {
  await model.save('my.safetensors');
} catch (error) {
  if (error instanceof UserError) error.message satisfies string;
}
`;

describe.skipIf(withoutConsumer.skip)(`the types of the installed package${withoutConsumer.title}`, () => {
  let project: Project;
  beforeAll(() => {
    project = folderOfProject('types');
    project.write('use.ts', USE);
  });

  const compilers = {
    5.9: () => join(ROOT, 'node_modules/typescript/bin/tsc'),
    7: () => join(consumer().tools, 'typescript7/bin/tsc'),
  };

  describe.each([
    ['5.9', compilers[5.9]],
    ['7', compilers[7]],
  ])('in TypeScript %s', (version, compiler) => {
    it.each([
      ['nodenext', 'nodenext'],
      ['bundler', 'esnext'],
    ])('are right for strict projects that check libraries, resolved as by %s', async (moduleResolution, module) => {
      const strict = {
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
      };
      const compilerOptions = {
        ...strict,
        target: 'es2022',
        lib: ['es2023', 'dom'],
        module,
        moduleResolution,
        types: ['node'],
        typeRoots: [join(ROOT, 'node_modules/@types')],
        noEmit: true,
      };
      project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['use.ts'] }));
      expect(await project.succeed(`node '${compiler()}' --version`)).toContain(`Version ${version}`);
      expect(await project.shell(`node '${compiler()}' -p .`)).toMatchObject({ code: 0, stdout: '' });
    });
  });
});
