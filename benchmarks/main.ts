import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import yargs, { type ArgumentsCamelCase, type Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { BUILT_IN_CORPUS, readCorpus } from '../src/corpus/corpus.js';
import { UserError } from '../src/errors.js';
import { NUMPY_PROGRAM, peers } from './contestants/peers.js';
import { describeMachine, machineLine } from './machine.js';
import { type SuiteResult, writeResults } from './results.js';
import { type SuiteContext, type SuiteName, SUITES } from './suites.js';
import { markdownTable, textTable } from './table.js';

const SUITE_NAMES = Object.keys(SUITES) as SuiteName[];
const RESULTS = fileURLToPath(new URL('results', import.meta.url));
/** Rounds and lengths in seconds: enough rounds for a median that one disturbance does not move, or just a look. */
const FULL = { rounds: 9, secondsPerRound: 2, warmupSeconds: 2 };
const QUICK = { rounds: 3, secondsPerRound: 0.3, warmupSeconds: 0.3 };

type Options = ReturnType<typeof withOptions> extends Argv<infer Parsed> ? ArgumentsCamelCase<Parsed> : never;

function withOptions(command: Argv) {
  return command
    .positional('suite', { choices: SUITE_NAMES, array: true, default: SUITE_NAMES, describe: 'suites to run' })
    .option('quick', { type: 'boolean', default: false, describe: 'shorter and fewer rounds' })
    .option('python', { type: 'string', default: 'python3', requiresArg: true, describe: 'a Python with NumPy' })
    .option('torch-python', { type: 'string', requiresArg: true, describe: 'a Python with PyTorch; default: --python' })
    .option('corpus', { type: 'string', default: BUILT_IN_CORPUS, requiresArg: true, describe: 'the text to train on' })
    .option('results', { type: 'string', default: RESULTS, requiresArg: true, describe: 'folder for the JSON files' })
    .option('markdown', { type: 'boolean', default: false, describe: 'print tables as Markdown' });
}

async function main(options: Options): Promise<void> {
  const { suite, python, torchPython = python, corpus, quick, results, markdown } = options;
  const folder = await mkdtemp(join(tmpdir(), 'min-char-rnn-bench-'));
  try {
    const machine = await describeMachine();
    console.log(machineLine(machine));
    const context = {
      machine,
      contestants: await peers({ python, torchPython, folder }),
      reference: NUMPY_PROGRAM,
      corpus: await describeCorpus(corpus),
      report: (line: string) => process.stderr.write(`${line}\n`),
      ...(quick ? QUICK : FULL),
    };
    for (const name of suite) await runSuite(name, context, results, markdown);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function describeCorpus(path: string): Promise<SuiteContext['corpus']> {
  const { symbols, vocabulary } = await readCorpus(path, 'utf-8');
  return { path, name: basename(path), length: symbols.length, vocabularySize: vocabulary.size };
}

async function runSuite(name: SuiteName, context: SuiteContext, results: string, markdown: boolean): Promise<void> {
  const result = await SUITES[name](context);
  print(result, markdown);
  console.log(`\nwritten: ${await writeResults(results, result)}`);
}

function print({ problems, reference, gemm }: SuiteResult, markdown: boolean): void {
  const table = markdown ? markdownTable : textTable;
  for (const problem of problems) console.log(`\n${table(problem, reference)}`);
  if (gemm)
    console.log(
      `\nTensorFlow's matrix product: ${'absent' in gemm ? `absent: ${gemm.absent}` : gemmLine(gemm.gflops)}`,
    );
}

function gemmLine(gflops: Readonly<Record<string, number>>): string {
  return Object.entries(gflops)
    .map(([size, value]) => `${value.toFixed(0)} GFLOP/s at ${size}x${size}`)
    .join(', ');
}

/** A mistake of the user's ends with one line and exit code 1; anything else is a bug and shows its stack. */
function fail(error: unknown): void {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

await yargs(hideBin(process.argv))
  .scriptName('npm run bench --')
  .command('$0 [suite..]', 'Measures this project beside its peers on this machine.', withOptions, (options) =>
    main(options).catch(fail),
  )
  .parserConfiguration({ 'duplicate-arguments-array': false })
  .strict()
  .parse();
