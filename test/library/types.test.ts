import type * as tfjs from '@tensorflow/tfjs-core';
import { describe, expectTypeOf, it } from 'vitest';
import * as library from '../../src/index.js';
import type { TrainingEvent, TrainOptions } from '../../src/index.js';
import * as tensorflow from '../../src/tensorflow.js';

// What is written here holds where `npm run check` compiles it; nothing of it computes.
describe('the types of the library', () => {
  it('are those of train', () => {
    expectTypeOf(library.train).parameters.toEqualTypeOf<[text: library.Text, options?: TrainOptions]>();
    expectTypeOf(library.train).returns.toEqualTypeOf<library.Training>();
    expectTypeOf<library.Training>().toExtend<AsyncIterable<TrainingEvent>>();
    expectTypeOf<library.Training['model']>().toEqualTypeOf<() => Promise<library.Model>>();
    expectTypeOf<library.Training['finish']>().toEqualTypeOf<() => Promise<library.Model>>();
    expectTypeOf<library.Text>().toEqualTypeOf<string | Uint8Array | library.OpenCorpus>();
    expectTypeOf<TrainOptions['hiddenSize']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<TrainOptions['preset']>().toEqualTypeOf<'seed' | 'fast' | 'gpu' | undefined>();
    expectTypeOf<TrainOptions['backend']>().toEqualTypeOf<library.BackendName | 'auto' | undefined>();
    expectTypeOf<TrainOptions['from']>().toEqualTypeOf<library.Model | undefined>();
    expectTypeOf<TrainOptions['signal']>().toEqualTypeOf<AbortSignal | undefined>();
    expectTypeOf<TrainOptions>().not.toHaveProperty('checkpoint');
    expectTypeOf<Record<string, never>>().toExtend<TrainOptions>();
  });

  it('tell events from one another by their type', () => {
    expectTypeOf<TrainingEvent['type']>().toEqualTypeOf<
      'report' | 'sample' | 'validation' | 'validation-progress' | 'progress' | 'end'
    >();
    expectTypeOf<Extract<TrainingEvent, { type: 'sample' }>['text']>().toEqualTypeOf<string>();
    expectTypeOf<Extract<TrainingEvent, { type: 'report' }>['natsPerChar']>().toEqualTypeOf<number>();
    expectTypeOf<Extract<TrainingEvent, { type: 'end' }>['reason']>().toEqualTypeOf<'limit' | 'stopped' | 'patience'>();
  });

  it('are those of a model', () => {
    expectTypeOf<typeof library.Model.load>().toEqualTypeOf<(from: string | Uint8Array) => Promise<library.Model>>();
    expectTypeOf<library.Model['save']>().toEqualTypeOf<(path: string) => Promise<void>>();
    expectTypeOf<library.Model['toBytes']>().returns.toEqualTypeOf<Uint8Array>();
    expectTypeOf<library.Model['generate']>().returns.toEqualTypeOf<AsyncGenerator<string, void, undefined>>();
    expectTypeOf<library.Model['evaluate']>().returns.resolves.toEqualTypeOf<library.Evaluation>();
    expectTypeOf<library.Model['activations']>().returns.toEqualTypeOf<library.Activations>();
    expectTypeOf<library.Model['options']['hiddenSize']>().toEqualTypeOf<number>();
    expectTypeOf<library.Model['history']['training']>().toEqualTypeOf<readonly library.HistoryPoint[]>();
    // @ts-expect-error -- a model comes from train or Model.load alone
    expectTypeOf(library.Model).toBeConstructibleWith();
  });

  it('are those of errors, presets and texts', () => {
    expectTypeOf<library.DivergedError>().toExtend<library.UserError>();
    expectTypeOf<library.UserError>().toExtend<Error>();
    expectTypeOf<keyof typeof library.PRESETS>().toEqualTypeOf<library.Preset>();
    expectTypeOf(library.openCorpus).returns.resolves.toEqualTypeOf<library.OpenCorpus>();
    expectTypeOf(library.openCorpus).parameter(0).toEqualTypeOf<string | readonly string[]>();
  });

  it('are those of TensorFlow.js where it is asked for', () => {
    expectTypeOf(tensorflow.tensorflow).returns.resolves.toEqualTypeOf<tensorflow.Tensorflow>();
    expectTypeOf<tensorflow.Tensorflow['tf']>().toEqualTypeOf<typeof tfjs>();
    expectTypeOf<tensorflow.Tensorflow['trace']>().toEqualTypeOf<tensorflow.Compile>();
    expectTypeOf<tensorflow.Compiled['run']>().toEqualTypeOf<(inputs: tfjs.Tensor[]) => tfjs.Tensor[]>();
    expectTypeOf(tensorflow.nativeStatus).returns.toEqualTypeOf<tensorflow.NativeStatus>();
  });
});
