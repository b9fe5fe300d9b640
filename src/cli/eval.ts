import { chooseRuntime } from '../backends/choose.js';
import { loadCheckpoint } from '../checkpoint/checkpoint.js';
import { readCorpus } from '../corpus/corpus.js';
import { evaluate } from '../trainer/evaluate.js';
import type { EvalArguments } from './eval-command.js';
import { formatCount } from './format.js';

/** `eval`: prints nats and bits a character and the perplexity of a text under a checkpoint's model. */
export async function runEval(given: EvalArguments, out: NodeJS.WritableStream): Promise<void> {
  const { options, vocabulary, tensors } = await loadCheckpoint(given.checkpoint);
  const corpus = await readCorpus(given.corpus, options.encoding, vocabulary);
  const kept = Math.floor(corpus.symbols.length * (given.validationFraction ?? 1));
  const { runtime } = await chooseRuntime(given.backend ?? 'auto', { size: options, compile: true });
  const engine = runtime.createEngine({ ...options, vocabularySize: vocabulary.size }, tensors);
  const result = await evaluate(engine, corpus.symbols.subarray(corpus.symbols.length - kept));
  engine.dispose();
  if (given.json) {
    out.write(`${JSON.stringify({ type: 'evaluation', backend: runtime.backend, corpus: given.corpus, ...result })}\n`);
    return;
  }
  const { predictions, natsPerChar, bitsPerChar, perplexity } = result;
  out.write(
    `${given.corpus}: ${natsPerChar.toFixed(4)} nats/char, ${bitsPerChar.toFixed(4)} bits/char, ` +
      `perplexity ${perplexity.toFixed(3)} over ${formatCount(predictions)} predictions (${runtime.backend})\n`,
  );
}
