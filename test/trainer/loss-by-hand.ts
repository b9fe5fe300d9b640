import type { SymbolArray } from '../../src/corpus/corpus.js';
import type { Engine } from '../../src/engine.js';
import { perParameter } from '../../src/parameters.js';
import { ReferenceRnn } from '../../src/reference/rnn.js';

/** -Σ ln p of every symbol but the first, one at a time in float64, the hidden state carried from zeros. */
export async function lossByHand(engine: Engine, symbols: SymbolArray): Promise<number> {
  const { parameters } = await engine.readModel();
  const config = { ...engine.config, batchSize: 1, seqLength: 1 };
  const wide = perParameter((name) => Float64Array.from(parameters[name]));
  const rnn = new ReferenceRnn(config, wide, wide, new Float64Array(config.hiddenSize), Float64Array);
  let loss = 0;
  for (let i = 1; i < symbols.length; i++) {
    rnn.forward([symbols[i - 1]], [symbols[i]]);
    loss += rnn.loss;
    rnn.advance();
  }
  return loss;
}
