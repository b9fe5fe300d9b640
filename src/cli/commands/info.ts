import { type Checkpoint, loadCheckpoint } from '../../checkpoint/checkpoint.js';
import { describeSymbol } from '../../corpus/vocabulary.js';
import { textChart } from '../../metrics/text-chart.js';
import { parameterShapes, sizeOf } from '../../model/parameters.js';
import type { HistoryPoint } from '../../trainer/history.js';
import { formatCount, formatDuration, printableJson, printableLine, shortened } from '../display/format.js';

/** Size of the history's chart, in characters: with its axis it fits 80 columns. */
const CHART = { width: 72, height: 12 };

/** `info`: prints what a checkpoint holds, with its history as a chart. */
export async function runInfo(path: string, json: boolean, out: NodeJS.WritableStream): Promise<void> {
  const checkpoint = await loadCheckpoint(path);
  if (json) out.write(`${printableJson({ ...summarize(checkpoint), history: historyOf(checkpoint) }, 2)}\n`);
  else out.write(`${describeCheckpoint(path, checkpoint).join('\n')}\n`);
}

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
  const shapes = parameterShapes({ hiddenSize: options.hiddenSize, vocabularySize: vocabulary.size });
  return {
    options,
    corpus,
    vocabulary: vocabulary.symbols.map((symbol) => describeSymbol(symbol, vocabulary.encoding)),
    shapes,
    parameters: Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0),
    step: run.step,
    elapsedSeconds: run.elapsedSeconds,
    smoothLoss: run.smoothLoss,
    natsPerChar: run.smoothLoss / options.seqLength,
  };
}

function historyOf({ run }: Checkpoint): { training: HistoryPoint[]; validation: HistoryPoint[] } {
  return { training: run.training, validation: run.validation };
}

/** What a checkpoint holds as lines for a person, safe to print whatever the file says of itself. */
export function describeCheckpoint(path: string, checkpoint: Checkpoint): string[] {
  const { options, corpus, vocabulary, run } = checkpoint;
  const summary = summarize(checkpoint);
  const { hiddenSize, seqLength, batchSize, learningRate, learningRateDecay, gradClip, init, seed } = options;
  const bits = (nats: number) => `${nats.toFixed(4)} nats/char, ${(nats / Math.LN2).toFixed(4)} bits/char`;
  // Written by whoever made the file, so it may hold anything.
  const [name, hash] = [shortened(corpus.name), corpus.hash.slice(0, 12)].map(printableLine);
  return [
    printableLine(path),
    `  model       ${hiddenSize} hidden units, ${vocabulary.size} symbols (${vocabulary.encoding}), ${formatCount(summary.parameters)} parameters`,
    `  learning    ${batchSize} x ${seqLength} a step, rate ${learningRate} (decay ${learningRateDecay}), clip ${gradClip}, init ${init}, seed ${seed}`,
    `  trained     ${formatCount(run.step)} steps in ${formatDuration(run.elapsedSeconds)} on ${name} (${formatCount(corpus.symbols)} characters, sha256 ${hash})`,
    `  training    ${bits(summary.natsPerChar)} (smoothed)`,
    ...(run.best ? [`  validation  ${bits(run.best.natsPerChar)} at step ${formatCount(run.best.step)} (best)`] : []),
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
