import type { Checkpoint } from '../../checkpoint/checkpoint.js';
import { describeSymbol } from '../../corpus/vocabulary.js';
import { textChart } from '../../metrics/text-chart.js';
import { parameterCount, parameterShapes } from '../../model/parameters.js';
import type { HistoryPoint } from '../../trainer/history.js';
import type { TextStarts } from '../../run/evaluation.js';
import { formatCount, formatDuration, formatLoss } from '../../format/numbers.js';
import { printableJson, printableLine, shortened } from '../../format/printable.js';

/** Size of the history's chart, in characters: with its axis it fits 80 columns. */
const CHART = { width: 72, height: 12 };

interface Summary {
  options: Checkpoint['options'];
  corpus: Checkpoint['corpus'];
  vocabulary: string[];
  shapes: Record<string, readonly number[]>;
  parameters: number;
  step: number;
  elapsedSeconds: number;
  smoothLoss: number;
  natsPerChar: number;
}

function summarize({ options, corpus, vocabulary, run }: Checkpoint): Summary {
  const size = { hiddenSize: options.hiddenSize, vocabularySize: vocabulary.size };
  return {
    options,
    corpus,
    vocabulary: vocabulary.symbols.map((symbol) => describeSymbol(symbol, vocabulary.encoding)),
    shapes: parameterShapes(size),
    parameters: parameterCount(size),
    step: run.step,
    elapsedSeconds: run.elapsedSeconds,
    smoothLoss: run.smoothLoss,
    natsPerChar: run.smoothLoss / options.seqLength,
  };
}

/** What a checkpoint holds, its history too, as JSON. */
export function checkpointJson(checkpoint: Checkpoint, badStarts?: TextStarts): string {
  const { training, validation } = checkpoint.run;
  return `${printableJson({ ...summarize(checkpoint), history: { training, validation }, badStarts }, 2)}\n`;
}

/** What a checkpoint holds as lines for a person, safe to print whatever the file says of itself. */
export function checkpointLines(path: string, checkpoint: Checkpoint): string[] {
  const { options, corpus, vocabulary, run } = checkpoint;
  const summary = summarize(checkpoint);
  const { hiddenSize, seqLength, batchSize, gradClip, resetProbability, recurrentDropout, weightDecay } = options;
  const { learningRate, learningRateRise, learningRateDecay, init, seed } = options;
  const rise = learningRateRise === 'none' ? '' : `rise ${learningRateRise}, `;
  const resets = resetProbability > 0 ? `, resets ${resetProbability}` : '';
  const dropout = recurrentDropout > 0 ? `, recurrent dropout ${recurrentDropout}` : '';
  const shrink = weightDecay > 0 ? `, weight decay ${weightDecay}` : '';
  // Written by whoever made the file, so it may hold anything.
  const [name, hash] = [shortened(corpus.name), corpus.hash.slice(0, 12)].map(printableLine);
  return [
    printableLine(path),
    `  model       ${hiddenSize} hidden units, ${vocabulary.size} symbols (${vocabulary.encoding}), ${formatCount(summary.parameters)} parameters`,
    `  learning    ${batchSize} x ${seqLength} a step, rate ${learningRate} (${rise}decay ${learningRateDecay}), clip ${gradClip}${resets}${dropout}${shrink}, init ${init}, seed ${seed}`,
    `  trained     ${formatCount(run.step)} steps in ${formatDuration(run.elapsedSeconds)} on ${name} (${formatCount(corpus.symbols)} characters, sha256 ${hash})`,
    `  training    ${formatLoss(summary.natsPerChar)} (smoothed)`,
    ...(run.best
      ? [`  validation  ${formatLoss(run.best.natsPerChar)} at step ${formatCount(run.best.step)} (best)`]
      : []),
    ...chart('training loss, nats/char over steps', run.training),
    ...chart('validation loss, nats/char over steps', run.validation),
  ];
}

function chart(title: string, points: readonly HistoryPoint[]): string[] {
  if (points.length < 2) return [];
  const drawn = textChart(
    points.map(({ step, natsPerChar }) => ({ x: step, y: natsPerChar })),
    CHART,
  );
  return ['', title, drawn];
}
