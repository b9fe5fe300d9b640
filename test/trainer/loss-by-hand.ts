import { sourceOf, type SymbolArray } from '../../src/corpus/symbols.js';
import type { TrainableModel } from '../../src/model/trainable-model.js';
import { perParameter } from '../../src/model/parameters.js';
import { chooseStart } from '../../src/trainer/start.js';
import { ReferenceRnn } from '../../src/model/reference/rnn.js';

/** -Σ ln p of every symbol but the first, one at a time in float64. @param hidden the state before the first, (H). */
export async function lossByHand(model: TrainableModel, symbols: SymbolArray, hidden: Float32Array): Promise<number> {
  const { parameters } = await model.readModel();
  const config = { ...model.config, batchSize: 1, seqLength: 1 };
  const wide = perParameter((name) => Float64Array.from(parameters[name]));
  const rnn = new ReferenceRnn(config, wide, wide, hidden, Float64Array);
  let loss = 0;
  for (let i = 1; i < symbols.length; i++) {
    rnn.forward([symbols[i - 1]], [symbols[i]]);
    loss += rnn.loss;
    rnn.advance();
  }
  return loss;
}

/** `lossByHand` from where an evaluation starts. */
export async function lossFromBestStart(model: TrainableModel, symbols: SymbolArray): Promise<number> {
  return lossByHand(model, symbols, (await chooseStart(model, sourceOf(symbols))).first);
}
