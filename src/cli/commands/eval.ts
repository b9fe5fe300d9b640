import { chooseRuntime, FASTEST_IN_GENERAL } from '../../backends/choose.js';
import { loadCheckpoint } from '../../checkpoint/checkpoint.js';
import { openCorpus } from '../../corpus/open-corpus.js';
import { evaluate } from '../../trainer/evaluate.js';
import type { EvalArguments } from './eval-command.js';
import { formatCount, printableJson, printableLine } from '../display/format.js';
import { readingBar } from '../display/reading-bar.js';

/** `eval`: prints nats and bits a character and the perplexity of a text under a checkpoint's model. */
export async function runEval(given: EvalArguments, out: NodeJS.WriteStream): Promise<void> {
  const { options, vocabulary, tensors } = await loadCheckpoint(given.checkpoint);
  const bar = readingBar(given, out);
  const { encoding } = options;
  const corpus = await openCorpus(given.corpus, {
    encoding,
    vocabulary,
    cache: given.cache === false ? false : undefined,
    onProgress: bar.show,
  }).finally(bar.close);
  const kept = Math.floor(corpus.symbols.length * (given.validationFraction ?? 1));
  const request = { size: options, compile: true };
  const { runtime } = await chooseRuntime(given.backend ?? 'auto', request, FASTEST_IN_GENERAL);
  const model = runtime.createModel({ ...options, vocabularySize: vocabulary.size }, tensors);
  const result = await evaluate(model, corpus.symbols.part(corpus.symbols.length - kept));
  model.dispose();
  corpus.close();
  if (given.json) {
    out.write(`${printableJson({ type: 'evaluation', backend: runtime.backend, corpus: corpus.name, ...result })}\n`);
    return;
  }
  const { predictions, natsPerChar, bitsPerChar, perplexity } = result;
  out.write(
    `${printableLine(corpus.name)}: ${natsPerChar.toFixed(4)} nats/char, ${bitsPerChar.toFixed(4)} bits/char, ` +
      `perplexity ${perplexity.toFixed(3)} over ${formatCount(predictions)} predictions (${runtime.backend})\n`,
  );
}
