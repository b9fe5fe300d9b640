import type { Choice } from '../../backends/choose.js';
import type { TextEvaluation, TextStarts } from '../../run/evaluation.js';
import type { RunPlan } from '../../run/plan.js';
import type { RunOutcome } from '../../run/run.js';
import type { End, EndReason } from '../../trainer/events.js';
import type { Storage } from '../../corpus/open-corpus.js';
import { flagOf } from '../../options/names.js';
import { LIMITS, type RunOptions, type TrainOptions } from '../../options/train-options.js';
import { fractionDone, lastStep, rateAt } from '../../trainer/schedule.js';
import { formatBytes, formatCount, formatDuration, formatRate, formatSignificant } from '../../format/numbers.js';
import { printableLine } from '../../format/printable.js';
import { programName } from '../../system/invocation.js';
import { shellWord } from '../../system/shell-word.js';

/** What a run starts with, line by line: the runtime and why it was taken, the text, the model, and where it continues. */
export function describeStart(plan: RunPlan, { runtime, reason }: Choice, given: TrainOptions): string[] {
  const { corpus, vocabulary, options, validation } = plan;
  const { hiddenSize, seqLength, batchSize } = options;
  return [
    `${runtime.backend}: ${runtime.description} (${reason})`,
    `text: ${printableLine(corpus.name)}, ${formatCount(corpus.symbols)} characters, ` +
      // Weights of another run come with its vocabulary, of which this text may have a part.
      `${vocabulary.size} ${plan.pretrained ? 'known to the model' : 'different'}`,
    ...describeStorage(plan.storage),
    ...(validation ? [`validation: on its last ${formatCount(validation.length)} characters`] : []),
    ...doubts(plan),
    `model: ${hiddenSize} hidden units, ${batchSize} x ${seqLength} a step`,
    `learning rate: ${describeRate(plan)}`,
    ...describeResume(plan, given),
  ];
}

/** The learning rate and, where it changes, how, what it has come to and until when it falls. */
function describeRate(plan: RunPlan): string {
  const { options, streams, resume } = plan;
  const { learningRate, learningRateRise, learningRateDecay } = options;
  const given = `${learningRate}${learningRateRise === 'sqrt' ? ' times the root of the step' : ''}`;
  if (learningRateDecay === 'none') return given;
  const { step = 0, elapsedSeconds = 0 } = resume ?? {};
  const done = fractionDone(options, step, streams.windowsPerEpoch, elapsedSeconds);
  const now = resume ? `now ${formatSignificant(rateAt(options, step, done))} of ` : '';
  return `${now}${given}, falling to 5 % ${describeLimits(plan, 'at ', 'after ')}`;
}

/** What makes a run end, in words; empty for an endless one. @param at, after go before a step and before a duration. */
export function describeLimits({ options, streams }: RunPlan, at = '', after = ''): string {
  const last = lastStep(options, streams.windowsPerEpoch);
  const { minutes } = options;
  return [
    ...(last === Infinity ? [] : [`${at}step ${formatCount(last)}`]),
    ...(minutes === undefined ? [] : [`${after}${formatDuration(60 * minutes)} of training`]),
  ].join(' or ');
}

/** Where a resumed run continues, and where it will be saved, which need not be named. */
function describeResume({ resume }: RunPlan, { resume: from = '', checkpoint = from }: TrainOptions): string[] {
  if (!resume) return [];
  const to = checkpoint === from ? 'the same file' : printableLine(checkpoint);
  return [`continuing: from step ${formatCount(resume.step)} of ${printableLine(from)}, saving to ${to}`];
}

/** A warning about a text that is likely not one. */
function doubts({ corpus, vocabulary }: RunPlan): string[] {
  if (vocabulary.encoding === 'bytes' || !vocabulary.symbols.includes(0)) return [];
  return [
    `warning: ${corpus.name} has NUL characters, so it may be binary (--encoding bytes takes any file) ` +
      'or UTF-16 (convert it: iconv -f UTF-16LE -t UTF-8)',
  ];
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
  const rate = trained > 0 && seconds > 0 ? ` (${formatRate(trained / seconds)} chars/s)` : '';
  const how = end.reason === 'limit' && trained === 0 && before ? 'Nothing left to do' : REASONS[end.reason];
  const lines = [
    `${how} at step ${formatCount(step)}, epoch ${epoch.toFixed(2)}, ` +
      `after ${formatDuration(elapsedSeconds)} of training${rate}`,
    `Smoothed loss: ${natsPerChar.toFixed(3)} nats/char, ${bitsPerChar.toFixed(3)} bits/char`,
  ];
  if (path !== undefined) lines.push(`Saved to ${path}`);
  return lines;
}

/**
 * Commands to try next: sample from what was saved, go on with it, or train so that something is saved.
 * @param texts the files and folders that were named for the run.
 */
export function suggestions({ plan, end, path }: RunOutcome, texts: readonly string[]): string[] {
  // Standard input cannot be read again.
  const own = texts.includes('-') ? '' : texts.map(shellWord).join(' ');
  const saved = path === undefined ? undefined : shellWord(path.startsWith('-') ? `./${path}` : path);
  const encoding = own !== '' && plan.options.encoding === 'bytes' ? ' --encoding bytes' : '';
  const fresh = `train ${own || 'my.txt'}${encoding} --preset fast --minutes 5 --checkpoint my.safetensors`;
  const commands = [
    ...(saved === undefined ? [] : [`sample ${saved} --length 500`]),
    saved === undefined || own === '' ? fresh : `train ${own} --resume ${saved}${furtherLimits(end, plan.options)}`,
  ];
  return ['Try next:', ...commands.map((command) => `  ${programName()} ${command}`)];
}

/** Options that let an ended run go on: twice its limits or its patience; none for one that was stopped. */
function furtherLimits({ reason, step, epoch, elapsedSeconds }: End, options: RunOptions): string {
  const names = { limit: LIMITS, patience: ['patience'] as const, stopped: [] }[reason];
  const done = { steps: step, epochs: epoch, minutes: elapsedSeconds / 60, patience: 0 };
  const further = (name: (typeof names)[number]) => {
    // A run of 0 steps has a first thousand to go on with.
    let limit = 2 * (options[name] ?? 0) || 1000;
    // A resumed run may be past its limit, and past twice that.
    while (limit <= done[name]) limit *= 2;
    return ` ${flagOf(name)} ${limit}`;
  };
  return names
    .filter((name) => options[name] !== undefined)
    .map(further)
    .join('');
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
    `up to ${startGap.toFixed(2)} nats/char worse (info CHECKPOINT TEXT counts such starts)\n`
  );
}

/** How many starts of a model on a text are bad, in a line. */
export function describeStarts({ corpus, places, fromZeros, fromCarried }: TextStarts): string {
  return (
    `  bad starts  ${fromZeros} of ${places} from a hidden state of zeros, ${fromCarried} of ${places} from the saved one, ` +
    `at places spread over ${printableLine(corpus)}`
  );
}
