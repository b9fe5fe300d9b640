import type { Choice } from '../../backends/choose.js';
import type { TextEvaluation, TextStarts } from '../../run/evaluation.js';
import type { RunPlan } from '../../run/plan.js';
import type { RunOutcome } from '../../run/run.js';
import type { EndReason } from '../../trainer/events.js';
import type { Storage } from '../../corpus/open-corpus.js';
import { formatBytes, formatCount, formatDuration, formatRate, printableLine, shellWord } from './format.js';
import { programName } from '../program.js';

/** What a run starts with: the runtime and why it was taken, the text, the model, and where the encoded text lies. */
export function describeStart(plan: RunPlan, { runtime, reason }: Choice): string[] {
  const { backend, description } = runtime;
  return [`${backend}: ${description} (${reason})`, describeCorpus(plan), ...describeStorage(plan.storage)];
}

/** Two lines on what is trained on what. */
function describeCorpus({ corpus, vocabulary, options, validation, resume }: RunPlan): string {
  const { hiddenSize, seqLength, batchSize, learningRate } = options;
  const held = validation ? `, the last ${formatCount(validation.length)} for validation` : '';
  const from = resume ? `, continuing from step ${formatCount(resume.step)}` : '';
  return (
    `text: ${corpus.name}, ${formatCount(corpus.symbols)} characters, ${vocabulary.size} different${held}\n` +
    `model: ${hiddenSize} hidden units, ${batchSize} x ${seqLength} a step, learning rate ${learningRate}${from}`
  );
}

/** Where the encoded text lies, unless that is memory. */
function describeStorage(storage: Storage): string[] {
  if (storage.kind === 'memory') return [];
  if (storage.kind === 'temporary') {
    if (storage.reason === undefined) return ['encoded text: in a temporary file, for this run alone'];
    return [`warning: ${storage.reason}, so the encoded text is in a temporary file, for this run alone`];
  }
  const { reused, path, bytes } = storage;
  const how = reused ? 'used again' : `kept for the next time (${programName()} cache clear removes it)`;
  return [`encoded text: ${path}, ${formatBytes(bytes)}, ${how}`];
}

const REASONS: Record<EndReason, string> = {
  limit: 'Done',
  stopped: 'Stopped',
  patience: 'Ended without a better validation for a while',
};

/** How a run went, in two lines or three. */
export function describeEnd({ end, plan, path }: RunOutcome): string[] {
  const { step, epoch, characters, natsPerChar, bitsPerChar, elapsedSeconds } = end;
  const before = plan.resume;
  const seconds = elapsedSeconds - (before?.elapsedSeconds ?? 0);
  const trained = characters - (before?.step ?? 0) * plan.streams.batchSize * plan.streams.seqLength;
  const rate = seconds > 0 ? ` (${formatRate(trained / seconds)} chars/s)` : '';
  const lines = [
    `${REASONS[end.reason]} at step ${formatCount(step)}, epoch ${epoch.toFixed(2)}, ` +
      `after ${formatDuration(elapsedSeconds)} of training${rate}`,
    `Smoothed loss: ${natsPerChar.toFixed(3)} nats/char, ${bitsPerChar.toFixed(3)} bits/char`,
  ];
  if (path !== undefined) lines.push(`Saved to ${path}`);
  return lines;
}

/** Two commands to try next. */
export function suggestions(saved: string | undefined): string[] {
  const program = programName();
  const checkpoint = saved === undefined ? '' : ` ${shellWord(saved)}`;
  return [
    'Try next:',
    ...(saved === undefined
      ? [`  ${program} train --minutes 1 --checkpoint run.safetensors`]
      : [`  ${program} sample${checkpoint} --length 500`]),
    `  ${program} train a.txt --preset fast --minutes 5 --checkpoint a.safetensors`,
  ];
}

/** Nats a symbol by which another start may be worse before that is worth a line. */
const LARGE_GAP = 0.05;

/** How well a model predicts a text, in a line, and a second one where it matters from which hidden state it is read. */
export function describeEvaluation(evaluation: TextEvaluation): string {
  const { backend, corpus, predictions, natsPerChar, bitsPerChar, perplexity, startGap } = evaluation;
  const line =
    `${printableLine(corpus)}: ${natsPerChar.toFixed(4)} nats/char, ${bitsPerChar.toFixed(4)} bits/char, ` +
    `perplexity ${perplexity.toFixed(3)} over ${formatCount(predictions)} predictions (${backend})\n`;
  if (startGap === null || startGap <= LARGE_GAP) return line;
  return (
    `${line}note: read from the best of several hidden states; from a worse one the model predicts this text ` +
    `${startGap.toFixed(2)} nats/char worse (info CHECKPOINT TEXT counts such starts)\n`
  );
}

/** How many starts of a model on a text are bad, in a line. */
export function describeStarts({ corpus, places, fromZeros, fromCarried }: TextStarts): string {
  return (
    `  bad starts  ${fromZeros} of ${places} from a hidden state of zeros, ${fromCarried} of ${places} from the saved one, ` +
    `at places spread over ${printableLine(corpus)}`
  );
}
