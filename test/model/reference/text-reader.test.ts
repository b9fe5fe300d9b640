import { expect, it } from 'vitest';
import { perParameter } from '../../../src/model/parameters.js';
import { referenceFrom } from '../../../src/model/reference/forward-rnn.js';
import { LIKELIEST, readText, type TextPart } from '../../../src/model/reference/text-reader.js';
import { arrayDifference, problem, referenceLogits } from '../problem.js';

const { config, state, streams } = problem({ init: 'scaled', whyScale: 4 });
const { hiddenSize: H, vocabularySize: V } = config;

/** 230 symbols: two whole windows and a part of one. */
const symbols = Int32Array.from({ length: 230 });
streams.fill(0, 23, symbols, new Int32Array(230));

const start = Float32Array.from({ length: H }, (_, i) => Math.sin(i));
const rnnFrom = referenceFrom(config, state.parameters);
const parts = [...readText(config, rnnFrom, start, symbols)];

function joined(key: 'hiddens' | 'losses' | 'likeliest' | 'probabilities'): number[] {
  return parts.flatMap((part: TextPart) => [...part[key]]);
}

/** By the float64 reference, symbol by symbol. */
const distributions = referenceLogits(config, { ...state, hidden: start }, [...symbols]).map((logits) => {
  const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
  return logits.map((logit) => Math.exp(logit) / sum);
});

it('gives the loss of every symbol but the first, across windows', () => {
  const [first, ...losses] = joined('losses');
  expect(first).toBeNaN();
  const expected = distributions.slice(0, -1).map((p, t) => -Math.log(p[symbols[t + 1]]));
  expect(arrayDifference(expected, losses)).toBeLessThan(1e-5);
  expect(parts.map(({ from, losses }) => [from, losses.length])).toEqual([
    [0, 100],
    [100, 100],
    [200, 30],
  ]);
});

it('gives the most probable next symbols in order, with their probabilities', () => {
  const [likeliest, probabilities] = [joined('likeliest'), joined('probabilities')];
  const expected = distributions.map((p) =>
    p
      .map((value, v) => ({ v, value }))
      .sort((a, b) => b.value - a.value)
      .slice(0, LIKELIEST),
  );
  expect(likeliest).toEqual(expected.flatMap((best) => best.map(({ v }) => v)));
  expect(
    arrayDifference(
      expected.flatMap((best) => best.map(({ value }) => value)),
      probabilities,
    ),
  ).toBeLessThan(1e-5);
});

it('gives the hidden state after each symbol, from which the next symbol follows', () => {
  const hiddens = joined('hiddens');
  expect(hiddens.length).toBe(230 * H);
  // Reading on from a state in the middle gives what reading through gave.
  const at = 150;
  const middle = Float32Array.from(hiddens.slice(at * H, (at + 1) * H));
  const [rest] = readText(config, rnnFrom, middle, symbols.subarray(at + 1));
  expect(arrayDifference([...rest.hiddens], hiddens.slice((at + 1) * H))).toBeLessThan(1e-6);
});

it('gives the same with parameters in float64, which it does not round', () => {
  const wide = perParameter((name) => Float64Array.from(state.parameters[name]));
  const [first] = readText(config, referenceFrom(config, wide), start, symbols);
  expect(first).toEqual(parts[0]);
});

it('keeps all symbols of a vocabulary of fewer than it would', () => {
  const small = problem({ init: 'scaled', vocabularySize: 2 });
  const [part] = readText(
    small.config,
    referenceFrom(small.config, small.state.parameters),
    start,
    Int32Array.of(0, 1, 1),
  );
  expect([part.likeliest.length, part.hiddens.length]).toEqual([6, 3 * H]);
  for (let row = 0; row < 3; row++)
    expect(part.probabilities[2 * row] + part.probabilities[2 * row + 1]).toBeCloseTo(1, 6);
  expect(V).toBeGreaterThan(LIKELIEST);
});
