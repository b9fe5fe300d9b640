import { EVAL_OPTIONS } from '../../options/eval-options.js';
import { defineCommand } from '../grammar/command.js';

/** `eval`: prints nats and bits a character and the perplexity of a text under a checkpoint's model. */
export const evalCommand = defineCommand<typeof EVAL_OPTIONS, { checkpoint: string; corpus: string[] }>(
  'eval <checkpoint> <corpus..>',
  'measure how well a trained model predicts a text (files, folders, - is stdin)',
  EVAL_OPTIONS,
  async (given) => {
    const { loadCheckpoint } = await import('../../checkpoint/checkpoint.js');
    const { evaluateTexts } = await import('../../run/evaluation.js');
    const { printableJson } = await import('../../format/printable.js');
    const { readingBar } = await import('../display/reading-bar.js');
    const { describeEvaluation } = await import('../display/summary.js');

    const checkpoint = await loadCheckpoint(given.checkpoint);
    const out = process.stdout;
    const bar = readingBar(given, out);
    const result = await evaluateTexts(checkpoint, given.corpus, given, bar.show).finally(bar.close);
    out.write(given.json ? `${printableJson({ type: 'evaluation', ...result })}\n` : describeEvaluation(result));
  },
);
