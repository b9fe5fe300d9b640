import { lstatSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { forwardModule } from '../backends/wasm/simd/functions.js';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { openCorpus, type ReadingProgress } from '../corpus/open-corpus.js';
import { sourceOf } from '../corpus/symbols.js';
import { SUBSTITUTE } from '../corpus/vocabulary.js';
import { UserError } from '../errors.js';
import { formatCount, formatDuration, formatLoss } from '../format/numbers.js';
import { parameterCount, perParameter } from '../model/parameters.js';
import type { PageOptions } from '../options/page-options.js';
import { assemblePage } from '../pages/assemble.js';
import type { ModelPage } from '../pages/model-page.js';
import { assertWritable, writeFileAtomically } from '../system/atomic-write.js';
import { hasBytesAt } from '../system/file-start.js';
import { CARRIED, chooseStart, TRIED } from '../trainer/start.js';
import { withModel } from './evaluation.js';
import { openSampler } from './sampling.js';

/** A text that the model writes itself where none is given: so many symbols, of this seed. */
const OWN_LENGTH = 4000;
const OWN_SEED = 42;

/** How every page begins, so that nothing else is replaced. */
const PAGE_START = Buffer.from('<!doctype html>');

/** Multiply-adds of trying starts from which a faster runtime than plain TypeScript is worth loading. */
const MUCH = 1e10;

/** The longest string that the engine can hold, in UTF-16 units, and room for the code. */
const LONGEST = 2 ** 29 - 2 ** 20;

/** A page that has been written. */
export interface WrittenPage {
  readonly path: string;
  readonly bytes: number;
  /** What the page's text is, as a phrase, and how many symbols of it are there. */
  readonly title: string;
  readonly characters: number;
}

/**
 * Writes the page of a checkpoint's model to a file, whole or not at all.
 * @param path of the checkpoint; @param inputs files and folders to take the text from; none: the model writes one.
 * @throws UserError for a text that cannot be read and a place that cannot be written to or is taken.
 */
export async function writeModelPage(
  path: string,
  checkpoint: Checkpoint,
  inputs: readonly string[],
  options: PageOptions,
  onProgress?: (progress: ReadingProgress) => void,
): Promise<WrittenPage> {
  const name = basename(path, extname(path));
  const { out = `${name}.html`, overwrite = false, characters = 10_000 } = options;
  requireFree(out, overwrite);
  requireHoldable(checkpoint);
  const text = inputs.length > 0 ? await givenText(checkpoint, inputs, characters, onProgress) : ownText(checkpoint);
  const { title, symbols } = await text;
  const data = await dataOf(name, checkpoint, title, symbols);
  const html = await assemblePage('model', { title: `${name} · min-char-rnn`, data });
  const bytes = Buffer.from(html);
  await writeFileAtomically(out, bytes);
  return { path: out, bytes: bytes.length, title, characters: symbols.length };
}

function requireFree(out: string, overwrite: boolean): void {
  assertWritable(out);
  const stats = lstatSync(out, { throwIfNoEntry: false });
  if (stats === undefined || (stats.isFile() && stats.size === 0)) return;
  if (!hasBytesAt(out, PAGE_START)) {
    throw new UserError(`--out must name a new file or a page, but '${out}' holds something else; choose another name`);
  }
  if (overwrite) return;
  throw new UserError(`--out must name a new file, but '${out}' is there; choose another name or add --overwrite`);
}

function requireHoldable({ options, vocabulary }: Checkpoint): void {
  const values = parameterCount({ hiddenSize: options.hiddenSize, vocabularySize: vocabulary.size });
  // 4 bytes each, of which base64 makes a third more.
  const most = Math.floor((LONGEST * 3) / 16);
  if (values <= most) return;
  throw new UserError(
    `a page must hold the whole model, ${formatCount(most)} parameters at most, but this one has ` +
      `${formatCount(values)}; use a smaller model`,
  );
}

interface Text {
  readonly title: string;
  readonly symbols: Int32Array;
}

async function givenText(
  { options, vocabulary }: Checkpoint,
  inputs: readonly string[],
  characters: number,
  onProgress?: (progress: ReadingProgress) => void,
): Promise<Text> {
  const corpus = await openCorpus(inputs, { encoding: options.encoding, vocabulary, onProgress });
  try {
    const count = Math.min(characters, corpus.symbols.length);
    const cursor = corpus.symbols.cursor(4 * count);
    const from = cursor.seek(0, count);
    const part = count < corpus.symbols.length ? `the first ${formatCount(count)} characters of ` : '';
    return {
      title: part + plainName(corpus.name),
      symbols: Int32Array.from(cursor.symbols.subarray(from, from + count)),
    };
  } finally {
    corpus.close();
  }
}

async function ownText(checkpoint: Checkpoint): Promise<Text> {
  const sampler = await openSampler(checkpoint, { length: OWN_LENGTH, seed: OWN_SEED });
  return { title: `written by the model itself, seed ${OWN_SEED}`, symbols: Int32Array.from(sampler.symbols()) };
}

async function dataOf(name: string, checkpoint: Checkpoint, title: string, symbols: Int32Array): Promise<ModelPage> {
  const { options, vocabulary, tensors } = checkpoint;
  const { hiddenSize } = options;
  const isBytes = vocabulary.encoding === 'bytes';
  return {
    name,
    hiddenSize,
    vocabulary: {
      symbols: vocabulary.symbols,
      encoding: vocabulary.encoding,
      substitutes: options.minCount > 1 && vocabulary.symbols.includes(SUBSTITUTE),
    },
    module: Buffer.from(forwardModule()).toString('base64'),
    parameters: perParameter((parameter) => packed(tensors.parameters[parameter])),
    carried: packed(tensors.hidden.subarray(0, CARRIED * hiddenSize)),
    text: {
      title,
      content: isBytes
        ? Array.from(symbols, (symbol) => String.fromCharCode(vocabulary.symbols[symbol])).join('')
        : vocabulary.decode(symbols),
      start: packed(await startOf(checkpoint, symbols)),
    },
    facts: factsOf(checkpoint),
  };
}

/** The state that `eval` would read the text from. */
async function startOf(checkpoint: Checkpoint, symbols: Int32Array): Promise<Float32Array> {
  const { options, vocabulary, tensors } = checkpoint;
  const { hiddenSize: H } = options;
  if (symbols.length < 2) return tensors.hidden.subarray(0, H);
  const isQuick = TRIED * H * (H + vocabulary.size) < MUCH;
  return withModel(
    checkpoint,
    isQuick ? 'pure' : 'auto',
    async (model) => (await chooseStart(model, sourceOf(symbols))).first,
  );
}

function factsOf({ options, vocabulary, corpus, run }: Checkpoint): string[] {
  const { hiddenSize } = options;
  const parameters = parameterCount({ hiddenSize, vocabularySize: vocabulary.size });
  const kind = vocabulary.encoding === 'bytes' ? 'bytes' : 'characters';
  const best = run.best ? `; best validation ${formatLoss(run.best.natsPerChar)}` : '';
  return [
    `A recurrent neural network that reads and writes one character at a time: ${formatCount(hiddenSize)} hidden ` +
      `units, ${formatCount(vocabulary.size)} ${kind}, ${formatCount(parameters)} weights, all in this page.`,
    `Trained for ${formatCount(run.step)} steps in ${formatDuration(run.elapsedSeconds)} on ${plainName(corpus.name)}, ` +
      `${formatCount(corpus.symbols)} ${kind}${best}.`,
  ];
}

/** The name of a text without folders, which are of no use to others. */
function plainName(name: string): string {
  return name
    .split(', ')
    .map((path) => basename(path))
    .join(', ');
}

/** Float32 values as base64 of their little-endian bytes. */
function packed(values: Float32Array): string {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => view.setFloat32(4 * i, value, true));
  return Buffer.from(view.buffer).toString('base64');
}
