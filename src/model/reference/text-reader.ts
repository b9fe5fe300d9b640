import type { ModelSize } from '../parameters.js';
import type { ForwardRnnFrom } from './forward-rnn.js';
import type { FloatArray } from './tiles.js';

/** The most probable next symbols that are kept. */
export const LIKELIEST = 5;

/** What a model of H hidden units does over a stretch of N symbols of a text. */
export interface TextPart {
  /** The position in the text of the stretch's first symbol. */
  readonly from: number;
  /** The hidden state after each symbol, (N, H), from -1 to 1. */
  readonly hiddens: Float32Array;
  /** -ln p of each symbol before it was read, in nats, (N); NaN for the text's first, which nothing precedes. */
  readonly losses: Float32Array;
  /** The most probable symbols to follow each, most probable first, (N, K) with K = min(LIKELIEST, V). */
  readonly likeliest: Int32Array;
  /** Their probabilities, (N, K). */
  readonly probabilities: Float32Array;
}

/** Symbols that are read in one go, where their probabilities (T, V) take no more than 64 MiB. */
const WINDOW = 100;
const MOST_PROBABILITIES = 2 ** 24;

/** What a model has computed of a stretch of N symbols, in arrays that the next stretch is written over. */
interface Window {
  /** The position in the text of the stretch's first symbol. */
  readonly from: number;
  /** As in `TextPart`, (N). */
  readonly losses: Float32Array;
  /** The hidden state after each symbol, (N, H). */
  readonly hiddens: FloatArray;
  /** The probability of each symbol of the vocabulary to come next, (N, V). */
  readonly probabilities: FloatArray;
}

/**
 * Reads a text from a hidden state and yields all that can be seen of it, part by part, so that the caller can do other
 * things in between. @param hidden (H) the state before the first symbol.
 */
export function* readText(
  size: ModelSize,
  rnnFrom: ForwardRnnFrom,
  hidden: Float32Array,
  symbols: Int32Array,
): Generator<TextPart, void> {
  for (const { from, losses, hiddens, probabilities } of readWindows(size, rnnFrom, hidden, symbols)) {
    yield { from, hiddens: new Float32Array(hiddens), losses, ...likeliestOf(probabilities, size.vocabularySize) };
  }
}

/** As `readText`, with whole distributions. */
export function* readWindows(
  size: ModelSize,
  rnnFrom: ForwardRnnFrom,
  hidden: Float32Array,
  symbols: Int32Array,
): Generator<Window, void> {
  const { hiddenSize: H, vocabularySize: V } = size;
  const T = Math.max(1, Math.min(WINDOW, Math.floor(MOST_PROBABILITIES / V)));
  const rnn = rnnFrom(hidden, T);
  const [inputs, targets] = [new Int32Array(T), new Int32Array(T)];
  let before = NaN;
  for (let from = 0; from < symbols.length; from += T) {
    const N = Math.min(T, symbols.length - from);
    for (let t = 0; t < T; t++) [inputs[t], targets[t]] = [symbols[from + t] ?? 0, symbols[from + t + 1] ?? 0];
    rnn.forward(inputs, targets);
    const losses = Float32Array.from({ length: N }, (_, t) => (t === 0 ? before : rnn.rowLosses[t - 1]));
    before = rnn.rowLosses[N - 1];
    yield {
      from,
      losses,
      hiddens: rnn.hiddens.subarray(H, (N + 1) * H),
      probabilities: rnn.probabilities.subarray(0, N * V),
    };
    rnn.advance();
  }
}

/** The most probable symbols of each distribution. @param distributions (N, V). */
function likeliestOf(distributions: FloatArray, V: number): Pick<TextPart, 'likeliest' | 'probabilities'> {
  const N = distributions.length / V;
  const K = Math.min(LIKELIEST, V);
  const likeliest = new Int32Array(N * K);
  const probabilities = new Float32Array(N * K).fill(-1);
  for (let row = 0; row < N; row++) {
    keepLikeliest(
      distributions.subarray(row * V, (row + 1) * V),
      likeliest.subarray(row * K, (row + 1) * K),
      probabilities.subarray(row * K, (row + 1) * K),
    );
  }
  return { likeliest, probabilities };
}

/**
 * Puts the most probable symbols of a distribution (V) into `likeliest` (K) and what they have into `probabilities` (K),
 * which must come filled with -1; of symbols with the same probability the first comes first.
 */
export function keepLikeliest(distribution: FloatArray, likeliest: Int32Array, probabilities: Float32Array): void {
  const last = likeliest.length - 1;
  for (let v = 0; v < distribution.length; v++) {
    const p = distribution[v];
    if (p <= probabilities[last]) continue;
    let at = last;
    for (; at > 0 && p > probabilities[at - 1]; at--) {
      [likeliest[at], probabilities[at]] = [likeliest[at - 1], probabilities[at - 1]];
    }
    [likeliest[at], probabilities[at]] = [v, p];
  }
}
