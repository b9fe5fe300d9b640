import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import yargs, { type Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { builtInCorpus } from '../src/corpus/corpus.js';
import { readCorpus } from '../src/corpus/open-corpus.js';
import { UserError } from '../src/errors.js';
import { numpyLaunches, peers } from './contestants/peers.js';
import { describeMachine, machineLine } from './machine.js';
import { type Circumstances, reportText, type SuiteReport, writeReport } from './report.js';
import type { SuiteContext } from './suites/context.js';
import { type SuiteName, SUITES } from './suites/index.js';

const SUITE_NAMES = Object.keys(SUITES) as SuiteName[];
const BY_DEFAULT = SUITE_NAMES.filter((name) => SUITES[name].byDefault);
const SUITE_HELP = ['Suites:', ...SUITE_NAMES.map((name) => `  ${name}: ${SUITES[name].describe}`)].join('\n');
const RESULTS = fileURLToPath(new URL('results', import.meta.url));
/** A quick look must not replace results that were measured with care. */
const QUICK_RESULTS = join(RESULTS, 'quick');

/** Rounds and lengths in seconds: enough rounds for a median that one disturbance does not move, or just a look. */
const FULL = { timing: { rounds: 7, secondsPerRound: 1, warmupSeconds: 1 }, minutes: 5, steps: 200_000 };
const QUICK = { timing: { rounds: 3, secondsPerRound: 0.15, warmupSeconds: 0.15 }, minutes: 0.3, steps: 20_000 };

type Options = Awaited<ReturnType<ReturnType<typeof withOptions>['parseAsync']>>;

function withOptions(parser: Argv) {
  const text = { type: 'string', requiresArg: true } as const;
  return parser
    .usage(`$0 [suite...]\n\nMeasures this project beside its peers on this machine.\n\n${SUITE_HELP}`)
    .option('quick', { type: 'boolean', default: false, describe: 'just a look: shorter and fewer rounds' })
    .option('python', { ...text, default: 'python3', describe: 'a Python with NumPy' })
    .option('torch-python', { ...text, describe: 'a Python with PyTorch; default: --python' })
    .option('corpus', { ...text, default: builtInCorpus(), describe: 'the text to train on' })
    .option('minutes', {
      ...positiveNumber('minutes'),
      describe: `quality: of training each; default: ${FULL.minutes}`,
    })
    .option('steps', { ...positiveNumber('steps'), describe: `memory: of the traced run; default: ${FULL.steps}` })
    .option('results', { ...text, describe: `folder for the results; default: ${RESULTS}` });
}

function positiveNumber(flag: string) {
  const coerce = (given: string | undefined) => {
    if (given === undefined || Number(given) > 0) return given === undefined ? undefined : Number(given);
    throw new UserError(`--${flag} must be a number above 0, but got '${given}'`);
  };
  return { type: 'string', requiresArg: true, coerce } as const;
}

async function main(options: Options): Promise<void> {
  const { quick, results = quick ? QUICK_RESULTS : RESULTS } = options;
  const suites = suitesNamed(options._);
  const folder = await mkdtemp(join(tmpdir(), 'min-char-rnn-bench-'));
  try {
    const machine = await describeMachine();
    console.log(machineLine(machine));
    const corpus = await describeCorpus(options.corpus);
    const context = await contextFor(options, corpus.vocabularySize, folder);
    for (const name of suites) {
      const date = new Date().toISOString();
      const report = await SUITES[name].run(context);
      await publish(report, results, { suite: name, date, quick, machine, corpus });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function suitesNamed(words: readonly (string | number)[]): SuiteName[] {
  if (words.length === 0) return BY_DEFAULT;
  return words.map((word) => {
    const name = SUITE_NAMES.find((known) => known === word);
    if (!name) throw new UserError(`a suite must be one of ${SUITE_NAMES.join(', ')}, but got '${word}'`);
    return name;
  });
}

async function contextFor(options: Options, vocabularySize: number, folder: string): Promise<SuiteContext> {
  const { quick, python, torchPython = python, corpus: path, minutes, steps } = options;
  const defaults = quick ? QUICK : FULL;
  return {
    quick,
    timing: defaults.timing,
    peers: await peers({ python, torchPython, folder }),
    numpy: numpyLaunches(python),
    torchPython,
    corpus: { path, vocabularySize },
    minutes: minutes ?? defaults.minutes,
    steps: steps ?? defaults.steps,
    folder,
    report: (line) => process.stderr.write(`${line}\n`),
  };
}

async function describeCorpus(path: string): Promise<Circumstances['corpus']> {
  const { symbols, vocabulary } = await readCorpus(path, 'utf-8');
  return { name: basename(path), length: symbols.length, vocabularySize: vocabulary.size };
}

async function publish(report: SuiteReport, results: string, circumstances: Circumstances): Promise<void> {
  console.log(`\n${circumstances.suite}\n\n${reportText(report)}\n`);
  for (const line of await writeReport(results, report, circumstances)) console.log(line);
}

/** A mistake of the user's ends with one line and exit code 1; anything else is a bug and shows its stack. */
function fail(error: unknown): void {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

const options = await withOptions(yargs(hideBin(process.argv)))
  .scriptName('npm run bench --')
  .parserConfiguration({ 'duplicate-arguments-array': false })
  .strictOptions()
  .showHelpOnFail(false)
  .version(false)
  .wrap(110)
  .parseAsync();
await main(options).catch(fail);
