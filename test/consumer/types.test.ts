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

/** The same for `min-char-rnn/tensorflow`, whose types are those of TensorFlow.js too. */
const USE_TENSORFLOW = `
import { nativeStatus, tensorflow, type Tensorflow, type TensorFunction } from 'min-char-rnn/tensorflow';

const { tf, trace }: Tensorflow = await tensorflow({ threads: 1 });
const double: TensorFunction = (x) => (x ? [tf.mul(x, 2)] : []);
trace(double, [tf.ones([3])]).run([tf.ones([3])]).length satisfies number;
// @ts-expect-error -- a function gives an array of tensors
trace((x) => tf.neg(x), []);
const status = nativeStatus();
if (status.kind === 'absent') status.reason satisfies string;
`;

describe.skipIf(withoutConsumer.skip)(`the types of the installed package${withoutConsumer.title}`, () => {
  let project: Project;
  beforeAll(() => {
    project = folderOfProject('types');
    project.write('use.ts', USE);
    project.write('use-tensorflow.ts', USE_TENSORFLOW);
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
      project.write('tsconfig.json', settings({ module, moduleResolution, skipLibCheck: false }, 'use.ts'));
      expect(await project.succeed(`node '${compiler()}' --version`)).toContain(`Version ${version}`);
      expect(await project.shell(`node '${compiler()}' -p .`)).toMatchObject({ code: 0, stdout: '' });
    });

    it('are right for projects that use TensorFlow.js, whose own types do not pass a check', async () => {
      const options = { module: 'nodenext', moduleResolution: 'nodenext', skipLibCheck: true };
      project.write('tsconfig.json', settings(options, 'use-tensorflow.ts'));
      expect(await project.shell(`node '${compiler()}' -p .`)).toMatchObject({ code: 0, stdout: '' });
    });
  });
});

/** A strict project's tsconfig.json for one file. */
function settings(options: object, file: string): string {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    target: 'es2022',
    lib: ['es2023', 'dom'],
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
    noEmit: true,
    ...options,
  };
  return JSON.stringify({ compilerOptions, files: [file] });
}
