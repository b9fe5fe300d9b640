import { isDeepStrictEqual } from 'node:util';
import { digits, grouped, markdownTable, percent, type Table } from '../../benchmarks/table.js';
import { PRESETS } from '../../src/options/presets.js';
import type { Results } from './results.js';
import { expectations } from './expectations.js';
import { stormSummary } from './storms.js';
import { swingSentence } from './swing.js';

const MIB = 2 ** 20;

/** What stands between the marks of a name, as Markdown. */
export const BLOCKS: Readonly<Record<string, (results: Results) => string>> = {
  speed: speedTable,
  learning: ({ learning, quality }) => untitled(expectations(learning, quality)),
  swing: ({ curve }) => swingSentence(curve),
  sample: sampleOfText,
  text: ({ step: { corpus } }) =>
    `It has ${grouped(corpus.length)} characters, ${corpus.vocabularySize} of them different.`,
  rule: ({ backends: { rules } }) =>
    `Over a measured [grid](../benchmarks/results/backends.md) of sizes this rule costs ${percent(rules[0].mean)} on ` +
    `average, and ${percent(rules[0].worst)} at worst, compared with always taking the faster one.`,
  corpus: costOfLargeText,
  memory: ({ memory }) => untitled(memoryTable(memory.runs)),
  signals: ({ signals }) => untitled(stormSummary(signals.rows)),
  preset: ({ quality: { preset } }) =>
    isDeepStrictEqual(preset, PRESETS.fast)
      ? 'The curve of `--preset fast` is that of its present values.'
      : 'The curve of `--preset fast` is that of values that it had before. What the present ones learn is below.',
  ...Object.fromEntries(
    ['step', 'throughput', 'quality', 'sampling', 'cluster', 'dashboard', 'page', 'import'].map((suite) => [
      `report-${suite}`,
      reportOf(suite),
    ]),
  ),
};

function reportOf(suite: string) {
  return ({ report }: Results) =>
    report(suite) ?? `No result is committed yet: \`npm run bench -- ${suite}\` measures.`;
}

/** Contestants in the table of the README, by the names of the suites. */
const PEERS: Readonly<Record<string, string>> = {
  'min-char-rnn (wasm)': '**min-char-rnn**, WebAssembly',
  'min-char-rnn (TensorFlow, traced)': '**min-char-rnn**, native TensorFlow',
  'min-char-rnn (pure TypeScript)': '**min-char-rnn**, plain TypeScript',
  'NumPy program': 'the NumPy program (float64)',
  'NumPy, float32': 'the NumPy program in float32',
  'PyTorch nn.RNN': 'PyTorch `nn.RNN`',
  'tf.layers.simpleRNN': "tfjs's own `layers.simpleRNN`",
  'plain C, one core': 'plain C, vectorised, one core',
};

function speedTable({ step, throughput }: Results): string {
  const problems = [...step.problems, ...throughput.problems];
  const timeOf = (name: string) =>
    problems.map(({ rows }) => {
      const time = rows.find(({ contestant }) => contestant === name)?.msPerStep?.median;
      return time === undefined ? 'absent' : digits(time);
    });
  const table: Table = {
    title: '',
    head: ['milliseconds a training step', ...problems.map(({ title }) => title)],
    rows: Object.entries(PEERS).map(([name, shown]) => [shown, ...timeOf(name)]),
  };
  const { machine, corpus, date } = throughput;
  const small = `<sub>${date.slice(0, 10)}; ${machine.cpu}, ${machine.cores} cores, no graphics card; ${corpus.name}.</sub>`;
  return `${untitled(table)}\n\n${small}`;
}

function sampleOfText({ sample }: Results): string {
  const minutes = (sample.seconds / 60).toFixed(0);
  return [
    `What \`${sample.sample}\` writes after ${minutes} minutes of the run in the picture, ${grouped(sample.steps)} steps ` +
      `(validation: ${sample.natsPerChar.toFixed(3)} nats/char):`,
    '',
    '```text',
    sample.text.trim(),
    '```',
  ].join('\n');
}

function costOfLargeText({ corpus: { starts } }: Results): string {
  const [small, first, again] = (['none', 'kept', 'used again'] as const).map((cache) => {
    const start = starts.find((each) => each.cache === cache);
    if (!start) throw new Error(`the suite corpus must have a start with the cache '${cache}'`);
    return { ...start, time: `${digits(start.seconds.median)} s` };
  });
  const more = Math.max(first.peak.median, again.peak.median) - small.peak.median;
  return (
    `A whole process that trains on one window took ${first.time} for a text of ${grouped(first.textMiB)} MiB the first time ` +
    `and ${again.time} the second, as against ${small.time} for one of ${grouped(small.textMiB)} MiB, with ` +
    `${digits(more / MIB)} MiB more memory ([all numbers](../benchmarks/results/corpus.md)).`
  );
}

function memoryTable(runs: Results['memory']['runs']): Table {
  const resident = (bytes: number) => `${(bytes / MIB).toFixed(0)} MiB`;
  return {
    title: '',
    head: ['default settings', 'steps', 'resident from there', 'to the last', 'at most apart', 'tensors more or fewer'],
    rows: runs.map(({ name, first, last, residentDeviation, tensorDeviation }) => [
      name,
      `${grouped(first.step)} to ${grouped(last.step)}`,
      resident(first.resident),
      resident(last.resident),
      resident(residentDeviation),
      String(tensorDeviation),
    ]),
  };
}

function untitled(table: Table): string {
  return markdownTable(table).split('\n').slice(2).join('\n');
}
