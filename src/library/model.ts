import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
} from '../checkpoint/checkpoint.js';
import type { Vocabulary } from '../corpus/vocabulary.js';
import { UserError } from '../errors.js';
import { type Activations, activationsOf } from '../model/reference/activations.js';
import type { BackendName } from '../options/choices.js';
import type { RunOptions } from '../options/train-options.js';
import type { SamplingOptions } from '../sampling/sampler.js';
import { assertWritable } from '../system/atomic-write.js';
import type { Evaluation } from '../trainer/evaluate.js';
import type { HistoryPoint } from '../trainer/history.js';
import { atBoundary, atBoundaryAsync } from './boundary.js';
import type { generateText } from './generate-text.js';
import { checkOptions, EVALUATING, GENERATING, type Stoppable } from './options.js';
import type { Text } from './text.js';

/** How to generate text; the defaults are those of the command `sample`. */
export interface GenerateOptions extends Partial<SamplingOptions>, Stoppable {
  /** Text that the model reads first, which is not generated; without it, a newline. */
  readonly prime?: string | undefined;
  /** Symbols to generate; 0: without end. Default 1000. */
  readonly length?: number | undefined;
  /** The same seed gives the same text. Default: another each time. */
  readonly seed?: number | undefined;
  /** What computes; `auto`, the default, chooses by the model and the length. */
  readonly backend?: BackendName | 'auto' | undefined;
}

/** How to evaluate. */
export interface EvaluateOptions extends Stoppable {
  /** What computes; `auto`, the default, takes the fastest that runs here. */
  readonly backend?: BackendName | 'auto' | undefined;
}

/** The loss curves of a run, in nats a symbol. */
export interface History {
  /** The smoothed training loss at each report; of a long run, ever fewer of the older ones. */
  readonly training: readonly HistoryPoint[];
  /** The loss on the validation text. */
  readonly validation: readonly HistoryPoint[];
}

/** What a model was made of. */
const checkpoints = new WeakMap<Model, Checkpoint>();

/** The checkpoint of a model. */
export function checkpointOf(model: Model): Checkpoint {
  const checkpoint = checkpoints.get(model);
  if (checkpoint) return checkpoint;
  throw new UserError('a model must come from train or Model.load, but this one does not; take it from one of them');
}

/** `generateText`, whose sampler loads when the first piece is asked for. */
async function* generateLate(...given: Parameters<typeof generateText>): AsyncGenerator<string, void, undefined> {
  yield* (await import('./generate-text.js')).generateText(...given);
}

/** The model of a checkpoint. */
export function modelOf(checkpoint: Checkpoint): Model {
  const model = Object.create(Model.prototype) as Model;
  checkpoints.set(model, checkpoint);
  return model;
}

/**
 * A model and the run that trained it, as a checkpoint holds them: enough to generate, to measure, and to train on as if
 * the run had never stopped. It never changes, and holds plain arrays alone: there is nothing to free.
 */
export class Model {
  private constructor() {}

  /**
   * Reads a checkpoint, of the command line or of `save`. @param from its path or its bytes.
   * @throws UserError for what is no checkpoint.
   */
  static load(from: string | Uint8Array): Promise<Model> {
    return atBoundaryAsync(async () =>
      modelOf(typeof from === 'string' ? await loadCheckpoint(from) : decodeCheckpoint(from, 'the given bytes')),
    );
  }

  /**
   * Saves the model as a checkpoint, a safetensors file, whole or not at all; one that is there is replaced.
   * @throws UserError where it cannot be written, or would replace what is no checkpoint.
   */
  save(path: string): Promise<void> {
    return atBoundaryAsync(async () => {
      const { requireReplaceable } = await import('../run/places.js');
      assertWritable(path);
      await requireReplaceable(path);
      await saveCheckpoint(path, checkpointOf(this));
    });
  }

  /** The bytes that `save` writes. */
  toBytes(): Uint8Array {
    return encodeCheckpoint(checkpointOf(this));
  }

  /** The options of the run, and what computed it. */
  get options(): Readonly<RunOptions> {
    return checkpointOf(this).options;
  }

  /** The symbols that the model knows, by their indices. */
  get vocabulary(): Vocabulary {
    return checkpointOf(this).vocabulary;
  }

  /** Training windows, from the very start of the run. */
  get step(): number {
    return checkpointOf(this).run.step;
  }

  /** The loss curves of the run. */
  get history(): History {
    const { training, validation } = checkpointOf(this).run;
    return { training, validation };
  }

  /**
   * Generates text, in pieces of at most 50 symbols, as they are made; the text continues the training text as far as the
   * model has read it, or the prime. Ends early when the signal comes or nobody asks for more.
   * @throws UserError for options that do not hold, and for a prime with symbols that the model does not know.
   */
  generate(options: GenerateOptions = {}): AsyncGenerator<string, void, undefined> {
    const given = atBoundary(() => checkOptions(GENERATING, options));
    return generateLate(checkpointOf(this), given);
  }

  /**
   * How well the model predicts a text of its symbols.
   * @throws UserError for a text with other symbols, or of fewer than 2; the signal's reason where it comes.
   */
  evaluate(text: Text, options: EvaluateOptions = {}): Promise<Evaluation> {
    return atBoundaryAsync(async () => {
      const { backend, signal } = checkOptions(EVALUATING, options);
      const checkpoint = checkpointOf(this);
      const { openText } = await import('./open-text.js');
      const { evaluateSymbols } = await import('../run/evaluation.js');
      const { symbols } = openText(text, checkpoint.options, checkpoint.vocabulary);
      return evaluateSymbols(checkpoint, symbols, backend, signal);
    });
  }

  /**
   * What the model computes as it reads a text, from the state that training carried: for pictures. Computed in plain
   * TypeScript. @throws UserError for symbols that the model does not know.
   */
  activations(text: string | Uint8Array): Activations {
    const { options, vocabulary, tensors } = checkpointOf(this);
    const size = { hiddenSize: options.hiddenSize, vocabularySize: vocabulary.size };
    const symbols = atBoundary(() => vocabulary.encode(text));
    return activationsOf(size, tensors.parameters, tensors.hidden.subarray(0, options.hiddenSize), symbols);
  }
}
