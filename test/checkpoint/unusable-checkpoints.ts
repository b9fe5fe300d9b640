import { type Checkpoint, encodeCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../../src/checkpoint/safetensors.js';
import { smallCheckpoint } from './small-checkpoint.js';

/** A safetensors file that is no checkpoint, or a damaged one. */
export interface Unusable {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Part of the message. */
  readonly message: string;
}

interface Content {
  tensors: Map<string, NamedTensor>;
  metadata: Record<string, string>;
}

/** A checkpoint's bytes after a change to what is in the file. */
function changed(change: (content: Content) => void): Uint8Array {
  const content = decodeSafetensors(encodeCheckpoint(smallCheckpoint()), 'x');
  change(content);
  return encodeSafetensors(content.tensors, content.metadata);
}

const tensor = (shape: number[]): NamedTensor => ({
  shape,
  values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

const without = (name: string) => changed(({ tensors }) => tensors.delete(name));
const withTensor = (name: string, shape: number[]) => changed(({ tensors }) => tensors.set(name, tensor(shape)));
const withText = (key: string, text: string) => changed(({ metadata }) => (metadata[key] = text));
const withoutText = (key: string) => changed(({ metadata }) => delete metadata[key]);

/** One value of a metadata entry swapped for another; undefined leaves it out. */
function withValue(entry: 'options' | 'run' | 'corpus', key: string, value: unknown): Uint8Array {
  return changed(({ metadata }) => {
    const values = JSON.parse(metadata[entry]) as Record<string, unknown>;
    metadata[entry] = JSON.stringify({ ...values, [key]: value });
  });
}

const vocabulary = (symbols: unknown) => withText('vocabulary', JSON.stringify(symbols));

const whole = encodeCheckpoint(smallCheckpoint());

const kinds: Unusable[] = [
  {
    name: 'text',
    bytes: Buffer.from('to be or not to be, that is the question'),
    message: 'be a safetensors file; found: text, "to be or"',
  },
  { name: 'a checkpoint cut off', bytes: whole.subarray(0, -4), message: 'tensors must have' },
  { name: 'another safetensors file', bytes: withoutText('format'), message: 'not a checkpoint of min-char-rnn' },
  { name: 'one of another program', bytes: withText('format', 'pt'), message: 'not a checkpoint of min-char-rnn' },
  {
    name: 'a later format',
    bytes: withText('formatVersion', '2'),
    message: 'format version must be "1"; found: "2"; use the version of min-char-rnn that saved it',
  },
  { name: 'no format version', bytes: withoutText('formatVersion'), message: 'must be "1"; found: nothing' },
];

const tensors: Unusable[] = [
  ...['Wxh', 'by', 'mWhh', 'mbh', 'hidden'].map((name) => ({
    name: `no ${name}`,
    bytes: without(name),
    message: `the tensor ${name} is missing`,
  })),
  { name: 'one more tensor', bytes: withTensor('Wxx', [3]), message: 'the tensor "Wxx" is not one of a checkpoint' },
  {
    name: 'a transposed tensor',
    bytes: withTensor('Wxh', [4, 3]),
    message: 'the tensor Wxh must have the shape [3, 4], but has [4, 3]',
  },
  ...(
    [
      ['Wxh', NaN, 'Wxh must hold finite numbers, but has NaN'],
      ['by', -Infinity, 'by must hold finite numbers, but has -Infinity'],
      ['mWhy', Infinity, 'mWhy must hold finite sums of squares, but has Infinity'],
      ['mbh', -1, 'mbh must hold finite sums of squares, but has -1'],
      ['hidden', NaN, 'hidden must hold finite numbers, but has NaN'],
    ] as const
  ).map(([name, value, message]) => ({
    name: `${value} in ${name}`,
    bytes: changed(({ tensors }) => tensors.get(name)?.values.fill(value, 1, 2)),
    message: `the tensor ${message} (the file is damaged`,
  })),
  { name: 'a flat memory', bytes: withTensor('mWhy', [12]), message: 'mWhy must have the shape [4, 3], but has [12]' },
  {
    name: 'a hidden state of other streams',
    bytes: withTensor('hidden', [3, 3]),
    message: 'hidden must have the shape [2, 3], but has [3, 3]',
  },
  {
    name: 'options of another size',
    bytes: withValue('options', 'hiddenSize', 5),
    message: 'Wxh must have the shape [5, 4], but has [3, 4]',
  },
];

const metadata: Unusable[] = [
  ...['options', 'vocabulary', 'corpus', 'run'].flatMap((key) => [
    { name: `no ${key}`, bytes: withoutText(key), message: `the metadata '${key}' is missing` },
    {
      name: `${key} cut off`,
      bytes: withText(key, '{"a":'),
      message: `the metadata '${key}' must be JSON; found: "{\\"a\\":"`,
    },
    { name: `${key} of a number`, bytes: withText(key, '1'), message: `the metadata '${key}' must be ` },
    { name: `${key} of null`, bytes: withText(key, 'null'), message: `the metadata '${key}' must be ` },
  ]),
];

const wrongValues: [entry: 'options' | 'run' | 'corpus', key: string, value: unknown][] = [
  ['options', 'hiddenSize', 0],
  ['options', 'batchSize', '2'],
  ['options', 'seqLength', 2.5],
  ['options', 'learningRate', 0],
  ['options', 'learningRate', undefined],
  ['options', 'learningRateDecay', 'cosine'],
  ['options', 'gradClip', -1],
  ['options', 'init', null],
  ['options', 'encoding', 'utf-16'],
  ['options', 'validationFraction', 1],
  ['options', 'steps', -1],
  ['options', 'temperature', 0],
  ['run', 'step', -1],
  ['run', 'step', 1e300],
  ['run', 'smoothLoss', null],
  ['run', 'elapsedSeconds', -1],
  ['run', 'random', [1, 2, 3]],
  ['run', 'random', [1, 2, 3, 0.5]],
  ['run', 'training', [{ step: 1 }]],
  ['run', 'best', undefined],
  ['run', 'validationsSinceBest', 'none'],
  ['run', 'pretrained', 1],
  ['run', 'smoothLoss', 'x'.repeat(100_000)],
  ['options', 'init', '\u001b[2J\u0000\u202e'],
  ['corpus', 'hash', 5],
  ['corpus', 'position', undefined],
];

const values: Unusable[] = wrongValues.map(([entry, key, value]) => ({
  name: `${entry} where ${key} is ${JSON.stringify(value)?.slice(0, 40) ?? 'missing'}`,
  bytes: withValue(entry, key, value),
  message: `the metadata '${entry}.${key}${value === undefined ? "' is missing (" : ''}`,
}));

const order = 'vocabulary must list its symbols in ascending order, each once';

const vocabularies: Unusable[] = [
  { name: 'symbols not in order', bytes: vocabulary(['a', '\n', 'ä', '😀']), message: order },
  { name: 'a symbol twice', bytes: vocabulary(['\n', 'a', 'a', '😀']), message: order },
  {
    name: 'two characters as one',
    bytes: vocabulary(['\n', 'ab', 'ä', '😀']),
    message: '\'vocabulary.1\' must be one character; found: "ab"',
  },
  {
    name: 'an empty symbol',
    bytes: vocabulary(['', 'a', 'ä', '😀']),
    message: "'vocabulary.0' must be one character; found: ",
  },
  {
    name: 'half a character',
    bytes: vocabulary(['\n', 'a', 'ä', '\ud800']),
    message: "'vocabulary.3' must be one character; found: ",
  },
  {
    name: 'numbers for characters',
    bytes: vocabulary([1, 2, 3, 4]),
    message: "'vocabulary.0' must be string; found: 1",
  },
  { name: 'no symbols', bytes: vocabulary([]), message: 'must list its symbols, but is empty' },
  { name: 'more symbols than weights', bytes: vocabulary(['\n', 'a', 'b', 'ä', '😀']), message: 'Wxh must have' },
  ...[256, -1, 1.5, 'a'].map((symbol) => ({
    name: `the byte ${symbol}`,
    bytes: bytewise([0, 1, 2, symbol]),
    message: "the metadata 'vocabulary.3' must be ",
  })),
];

function bytewise(symbols: unknown): Uint8Array {
  return changed(({ metadata }) => {
    const options = JSON.parse(metadata.options) as Checkpoint['options'];
    metadata.options = JSON.stringify({ ...options, encoding: 'bytes' });
    metadata.vocabulary = JSON.stringify(symbols);
  });
}

/** Files that must be refused, each with part of the reason. */
export const unusable: readonly Unusable[] = [...kinds, ...tensors, ...metadata, ...values, ...vocabularies];
