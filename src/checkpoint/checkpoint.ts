import * as v from 'valibot';
import type { Option } from '../options/option.js';
import { FIXED, FREE, LIMITS, type RunOptions, TRAIN_OPTIONS } from '../options/train-options.js';
import { Vocabulary } from '../corpus/vocabulary.js';
import { adviceOnMissing, codeOf, messageOf, UserError } from '../errors.js';
import {
  type ModelSize,
  PARAMETER_NAMES,
  type ParameterName,
  parameterShapes,
  perParameter,
  type TrainingState,
} from '../model/parameters.js';
import { hasBytesAt } from '../system/file-start.js';
import { writeFileAtomically } from '../system/atomic-write.js';
import { checkStructure, DamagedFile, shown } from '../system/bounded-json.js';
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
  readSafetensors,
  type SafetensorsContents,
} from './safetensors.js';
import { LENGTH_BYTES } from './safetensors-header.js';
import type { Snapshot } from '../trainer/snapshot.js';

/** Options that came after the first files of this format, which lack them: the default counts. */
const SINCE_FORMAT_1: ReadonlySet<string> = new Set([
  'minCount',
  'resetProbability',
  'learningRateRise',
  'recurrentDropout',
  'weightDecay',
]);

const number = v.pipe(v.number(), v.finite('a finite number'));
const integer = v.pipe(number, v.safeInteger('a whole number below 2^53'));
const count = v.pipe(integer, v.minValue(0));
const positive = v.pipe(count, v.minValue(1));
const historyPoint = v.object({ step: count, natsPerChar: number });
const history = v.array(historyPoint);

/** The options of a run, as the table of options has them; those without a default may be missing. */
const optionEntries: v.ObjectEntries = {};
for (const name of [...FIXED, ...FREE, ...LIMITS]) {
  const { accepts, rule, default: value } = TRAIN_OPTIONS[name] as Option;
  const schema = v.pipe(v.unknown(), v.check(accepts, rule));
  if (value === undefined) optionEntries[name] = v.optional(schema);
  else optionEntries[name] = SINCE_FORMAT_1.has(name) ? v.optional(schema, value) : schema;
}

/** What holds for the options of a run in a checkpoint. */
export const optionsSchema: v.GenericSchema<unknown, RunOptions> = v.pipe(
  v.object({
    ...optionEntries,
    computedBy: v.optional(v.object({ backend: v.string(), device: v.optional(v.string()) })),
  }),
  // Each entry is one that its option accepts.
  v.transform((options) => options as unknown as RunOptions),
);

const runSchema = v.object({
  step: count,
  smoothLoss: number,
  elapsedSeconds: v.pipe(number, v.minValue(0)),
  random: v.pipe(v.array(integer), v.length(4)),
  training: history,
  validation: history,
  best: v.nullable(historyPoint),
  validationsSinceBest: count,
  // Files from before it was kept lack it.
  pretrained: v.optional(v.boolean(), false),
});

const corpusSchema = v.object({ name: v.string(), hash: v.string(), symbols: positive, position: count });

/** The text that a run was trained on, to be recognised by; the name is for people only and is never opened. */
export type CorpusRecord = v.InferOutput<typeof corpusSchema>;

/** Everything needed to continue a run as if it had never stopped, and to sample from its model. */
export interface Checkpoint extends Snapshot {
  options: RunOptions;
  vocabulary: Vocabulary;
  corpus: CorpusRecord;
}

/** Raised when the meaning of a file changes. */
const FORMAT_VERSION = '1';

/** How the header of every checkpoint begins, after the eight bytes with its length. */
const CHECKPOINT_START = Buffer.from('{"__metadata__":{"format":"min-char-rnn",');

/** Whether a file begins as a checkpoint does, so that it may be replaced by one. */
export function beginsAsCheckpoint(path: string): boolean {
  return hasBytesAt(path, CHECKPOINT_START, LENGTH_BYTES);
}

/** Prefix of the memory's tensor: mWxh beside Wxh. */
const MEMORY = 'm';

/** Saves a checkpoint as one safetensors file, whole or not at all. @throws UserError when it cannot be written. */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeFileAtomically(path, encodeCheckpoint(checkpoint));
}

/** The bytes of a checkpoint: tensors in the specification's orientation, the rest as JSON in the metadata. */
export function encodeCheckpoint({ options, vocabulary, corpus, run, tensors }: Checkpoint): Uint8Array {
  const characters =
    vocabulary.encoding === 'bytes'
      ? vocabulary.symbols
      : vocabulary.symbols.map((symbol) => String.fromCodePoint(symbol));
  return encodeSafetensors(tensorMap(tensors, { ...options, vocabularySize: vocabulary.size }), {
    format: 'min-char-rnn',
    formatVersion: FORMAT_VERSION,
    options: JSON.stringify(options),
    vocabulary: JSON.stringify(characters),
    corpus: JSON.stringify(corpus),
    run: JSON.stringify(run),
  });
}

function tensorMap(state: TrainingState, size: ModelSize): Map<string, NamedTensor> {
  const shapes = parameterShapes(size);
  const entry = (prefix: string, from: TrainingState['parameters']) => (name: ParameterName) =>
    [prefix + name, { shape: shapes[name], values: from[name] }] as const;
  const H = size.hiddenSize;
  return new Map<string, NamedTensor>([
    ...PARAMETER_NAMES.map(entry('', state.parameters)),
    ...PARAMETER_NAMES.map(entry(MEMORY, state.memories)),
    ['hidden', { shape: [state.hidden.length / H, H], values: state.hidden }],
  ]);
}

/** Reads a checkpoint. @throws UserError naming the file and what is wrong with it. */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  let contents: SafetensorsContents;
  try {
    contents = await readSafetensors(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const cause = codeOf(error) === 'ENOENT' ? 'it does not exist' : messageOf(error);
    throw new UserError(`the checkpoint '${path}' must be a readable file, but ${cause}; ${adviceOnMissing(path)}`);
  }
  return fromContents(contents, path);
}

/** Reads the bytes of a checkpoint. @throws UserError naming `fileName` and what is wrong with it. */
export function decodeCheckpoint(bytes: Uint8Array, fileName: string): Checkpoint {
  return fromContents(decodeSafetensors(bytes, fileName), fileName);
}

function fromContents({ tensors, metadata }: SafetensorsContents, fileName: string): Checkpoint {
  if (metadata.format !== 'min-char-rnn') {
    throw new UserError(
      `${fileName}: a safetensors file, but not a checkpoint of min-char-rnn; use one that train saved`,
    );
  }
  if (metadata.formatVersion !== FORMAT_VERSION) {
    throw new UserError(
      `${fileName}: the checkpoint's format version must be "${FORMAT_VERSION}"; found: ` +
        `${shown(metadata.formatVersion)}; use the version of min-char-rnn that saved it`,
    );
  }
  const options = field(metadata, 'options', optionsSchema, fileName);
  const vocabulary = readVocabulary(metadata, options, fileName);
  const corpus = field(metadata, 'corpus', corpusSchema, fileName);
  const run = field(metadata, 'run', runSchema, fileName);
  return { options, vocabulary, corpus, run, tensors: readState(tensors, options, vocabulary.size, fileName) };
}

/** Exactly one code point, and no half of a surrogate pair, which no text has. */
const character = v.pipe(
  v.string(),
  v.check((text) => /^\P{Surrogate}$/u.test(text), 'one character'),
);
const symbolSchemas = { 'utf-8': v.array(character), bytes: v.array(v.pipe(count, v.maxValue(255))) };

function readVocabulary(
  metadata: Record<string, string>,
  { encoding, minCount }: RunOptions,
  fileName: string,
): Vocabulary {
  const symbols =
    encoding === 'bytes'
      ? field(metadata, 'vocabulary', symbolSchemas.bytes, fileName)
      : field(metadata, 'vocabulary', symbolSchemas['utf-8'], fileName).map((text) => text.codePointAt(0) ?? 0);
  if (symbols.length === 0) damaged(fileName, 'vocabulary must list its symbols, but is empty');
  const ascending = symbols.every((symbol, i) => i === 0 || symbol > symbols[i - 1]);
  if (!ascending) damaged(fileName, 'vocabulary must list its symbols in ascending order, each once');
  return new Vocabulary(symbols, encoding, minCount > 1);
}

/** What holds for every value of a tensor: a model without it predicts nothing, and nothing would say so. */
interface ValueRule {
  readonly rule: string;
  readonly holds: (value: number) => boolean;
}

const FINITE: ValueRule = { rule: 'finite numbers', holds: Number.isFinite };
const SUMS_OF_SQUARES: ValueRule = {
  rule: 'finite sums of squares',
  holds: (value) => Number.isFinite(value) && value >= 0,
};

function readState(
  tensors: Map<string, NamedTensor>,
  options: RunOptions,
  vocabularySize: number,
  fileName: string,
): TrainingState {
  const { hiddenSize, batchSize } = options;
  const shapes = parameterShapes({ hiddenSize, vocabularySize });
  const take = (name: string, shape: readonly number[], { rule, holds }: ValueRule = FINITE) => {
    const tensor = tensors.get(name);
    tensors.delete(name);
    if (!tensor) return damaged(fileName, `the tensor ${name} is missing`);
    if (tensor.shape.join() !== shape.join()) {
      return damaged(
        fileName,
        `the tensor ${name} must have the shape [${shape.join(', ')}], but has [${tensor.shape.join(', ')}]`,
      );
    }
    const wrong = tensor.values.find((value) => !holds(value));
    return wrong === undefined
      ? tensor.values
      : damaged(fileName, `the tensor ${name} must hold ${rule}, but has ${wrong}`);
  };
  const parameters = perParameter((name) => take(name, shapes[name]));
  const memories = perParameter((name) => take(MEMORY + name, shapes[name], SUMS_OF_SQUARES));
  const hidden = take('hidden', [batchSize, hiddenSize]);
  const [unknown] = tensors.keys();
  if (unknown !== undefined) damaged(fileName, `the tensor ${shown(unknown)} is not one of a checkpoint's`);
  return { parameters, memories, hidden };
}

/** A metadata entry, parsed and checked. */
function field<Schema extends v.GenericSchema>(
  metadata: Record<string, string>,
  key: string,
  schema: Schema,
  fileName: string,
): v.InferOutput<Schema> {
  const text = metadata[key];
  if (text === undefined) return damaged(fileName, `the metadata '${key}' is missing`);
  let json: unknown;
  try {
    checkStructure(text, `the metadata '${key}'`);
    json = JSON.parse(text);
  } catch (error) {
    if (error instanceof DamagedFile) return damaged(fileName, error.message);
    return damaged(fileName, `the metadata '${key}' must be JSON; found: ${shown(text)}`);
  }
  // Only one issue is reported; a file could make millions of them.
  const result = v.safeParse(schema, json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = [key, v.getDotPath(issue)].filter((part) => part !== null).join('.');
  const rule = `must be ${issue.expected ?? issue.message}; found: ${shown(issue.input)}`;
  return damaged(fileName, `the metadata '${path}' ${issue.input === undefined ? 'is missing' : rule}`);
}

function damaged(fileName: string, what: string): never {
  throw new UserError(`${fileName}: ${what} (the file is damaged or not a checkpoint, so use another copy)`);
}
