import { describeSymbol, Vocabulary } from '../../../corpus/vocabulary.js';
import { sourceOf } from '../../../corpus/symbols.js';
import { type ModelSize, type PerParameter, perParameter } from '../../../model/parameters.js';
import { type ForwardRnnFrom, referenceFrom } from '../../../model/reference/forward-rnn.js';
import { MergingEvaluator } from '../../../model/reference/merging-evaluator.js';
import { ReferenceSamplingModel } from '../../../model/reference/reference-sampling-model.js';
import { readText } from '../../../model/reference/text-reader.js';
import { Random } from '../../../sampling/random.js';
import { generate } from '../../../sampling/sampler.js';
import { chooseStart, TRIED } from '../../../trainer/start.js';
import type { ModelPage } from '../../model-page.js';
import { unpacked, unpackedBytes } from '../shared/unpacked.js';
import { CompiledRnn } from './compiled-rnn.js';
import { featuresOf } from './features.js';
import type { Part, Ranks, WriteOptions } from './messages.js';
import { Recorder } from './recorder.js';
import { Selectivity } from './selectivity.js';
import { charactersOf } from './characters.js';

/** What reading gives: the text as symbols, what was done on each, how selectively units fired. */
type Reading =
  | { readonly type: 'text'; readonly symbols: Int32Array; readonly unknown: readonly string[] }
  | { readonly type: 'parts'; readonly parts: readonly Part[] }
  | { readonly type: 'done'; readonly ranks: Ranks | undefined };

/** Multiply-adds from which a typed text is read from where the page's own is: 24 starts would take too long to try. */
const MUCH = 6e9;

/** How long symbols are gathered before they are given away, in milliseconds: about two frames of a screen. */
const GATHERING_MS = 33;

/** The model of a page at work. */
export class PageModel {
  readonly #size: ModelSize;
  readonly #vocabulary: Vocabulary;
  readonly #parameters: PerParameter<Float32Array>;
  readonly #carried: Float32Array;
  /** The parameters in float64, which the processor multiplies without converting; made when they are first used. */
  #wide: PerParameter<Float64Array> | undefined;
  /** Why nothing is compiled in this browser, once that is known. */
  #refusal: string | undefined;
  /** A compiled net that no reading uses now. */
  #idle: CompiledRnn | undefined;

  constructor(readonly page: ModelPage) {
    const { symbols, encoding, substitutes } = page.vocabulary;
    this.#vocabulary = new Vocabulary(symbols, encoding, substitutes);
    this.#size = { hiddenSize: page.hiddenSize, vocabularySize: symbols.length };
    this.#parameters = perParameter((name) => unpacked(page.parameters[name]));
    this.#carried = unpacked(page.carried);
  }

  get #wideParameters(): PerParameter<Float64Array> {
    this.#wide ??= perParameter((name) => Float64Array.from(this.#parameters[name]));
    return this.#wide;
  }

  /** Reads a text, or the page's own. Characters that the model does not know are left out, and named. */
  async *read(text: string | undefined): AsyncGenerator<Reading> {
    const { symbols, unknown } = text === undefined ? { symbols: this.#ownText(), unknown: [] } : this.#known(text);
    yield { type: 'text', symbols, unknown };
    if (symbols.length === 0) {
      yield { type: 'done', ranks: undefined };
      return;
    }
    const compiled = this.#compiled();
    this.#idle = undefined;
    const rnnFrom: ForwardRnnFrom = compiled
      ? (hidden, seqLength) => compiled.from(hidden, seqLength)
      : referenceFrom(this.#size, this.#wideParameters);
    try {
      const start = text === undefined ? unpacked(this.page.text.start) : await this.#startOf(symbols, rnnFrom);
      yield* this.#readFrom(start, symbols, rnnFrom);
    } finally {
      this.#idle = compiled;
    }
  }

  *#readFrom(start: Float32Array, symbols: Int32Array, rnnFrom: ForwardRnnFrom): Generator<Reading> {
    const features = featuresOf(charactersOf(this.#vocabulary, symbols));
    const selectivity = new Selectivity(this.#size.hiddenSize, features);
    let parts: Part[] = [];
    let due = 0;
    for (const { hiddens, ...part } of readText(this.#size, rnnFrom, start, symbols)) {
      const levels = levelsOf(hiddens);
      selectivity.add(part.from, levels);
      parts.push({ ...part, symbols: undefined, levels });
      if (performance.now() < due) continue;
      yield { type: 'parts', parts };
      parts = [];
      due = performance.now() + GATHERING_MS;
    }
    if (parts.length > 0) yield { type: 'parts', parts };
    const classes = features.map(({ name }) => name);
    yield { type: 'done', ranks: { classes, concordances: selectivity.concordances() } };
  }

  /** A compiled net that no other reading uses; undefined where the browser compiles none. */
  #compiled(): CompiledRnn | undefined {
    if (this.#idle || this.#refusal !== undefined) return this.#idle;
    try {
      return new CompiledRnn(unpackedBytes(this.page.module), this.#size, this.#parameters);
    } catch (error) {
      this.#refusal = String(error);
      console.warn(`Texts are read without WebAssembly, which takes longer: ${this.#refusal}`);
      return undefined;
    }
  }

  /** Writes a text as `sample` does: the same seed gives the same. */
  *write({ prime, length, seed, ...options }: WriteOptions): Generator<Reading> {
    const first = prime === '' ? this.#lineEnd() : this.#vocabulary.encode(prime);
    const model = new ReferenceSamplingModel(this.#size, this.#wideParameters, this.#carried);
    for (const symbol of first.subarray(0, -1)) model.next(symbol);
    const recorder = new Recorder(model);
    let due = 0;
    for (const symbol of generate(recorder, first[first.length - 1], length, options, new Random(seed))) {
      recorder.wrote(symbol);
      if (performance.now() < due) continue;
      yield { type: 'parts', parts: [recorder.part()] };
      due = performance.now() + GATHERING_MS;
    }
    if (recorder.waiting > 0) yield { type: 'parts', parts: [recorder.part()] };
    yield { type: 'done', ranks: undefined };
  }

  #ownText(): Int32Array {
    const { content } = this.page.text;
    const isBytes = this.#vocabulary.encoding === 'bytes';
    return this.#vocabulary.encode(isBytes ? Uint8Array.from(content, (byte) => byte.charCodeAt(0)) : content);
  }

  /** A text as begins a line where no prime text is given. */
  #lineEnd(): Int32Array {
    return Int32Array.of(this.#vocabulary.indexOf(0x0a) ?? 0);
  }

  #known(text: string): { symbols: Int32Array; unknown: string[] } {
    const { encoding } = this.#vocabulary;
    const unknown = new Set<string>();
    const symbols: number[] = [];
    for (const symbol of this.#vocabulary.symbolsOf(text)) {
      const index = this.#vocabulary.indexOf(symbol);
      if (index === undefined) unknown.add(describeSymbol(symbol, encoding));
      else symbols.push(index);
    }
    return { symbols: Int32Array.from(symbols), unknown: [...unknown] };
  }

  async #startOf(symbols: Int32Array, rnnFrom: ForwardRnnFrom): Promise<Float32Array> {
    const { hiddenSize: H, vocabularySize: V } = this.#size;
    if (symbols.length < 2 || TRIED * H * (H + V) > MUCH) return unpacked(this.page.text.start);
    const config = { ...this.#size, batchSize: this.#carried.length / H, seqLength: 1, gradClip: 0 };
    const { first } = await chooseStart(
      {
        config,
        readHidden: () => Promise.resolve(this.#carried),
        evaluator: (hidden, seqLength) => new MergingEvaluator(H, rnnFrom, hidden, seqLength),
      },
      sourceOf(symbols),
    );
    return first;
  }
}

/** Activations as whole numbers from -127 to 127. */
function levelsOf(hiddens: Float32Array): Int8Array {
  const levels = new Int8Array(hiddens.length);
  // Twenty times as fast as by from() and a function, and twice as fast as with round().
  for (let i = 0; i < levels.length; i++) levels[i] = Math.floor(127 * hiddens[i] + 0.5);
  return levels;
}
