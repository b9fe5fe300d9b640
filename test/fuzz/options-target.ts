import fc from 'fast-check';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { optionsSchema } from '../../src/checkpoint/checkpoint.js';
import { type Command, isFlag, nameOf } from '../../src/cli/grammar/command.js';
import { newRunOptions } from '../../src/options/run-options.js';
import { commandOf, parse, STUBS } from '../cli/grammar/stubbed-parser.js';
import { anyEdit, edited } from './edits.js';
import { hostileText, jsonEdit } from './hostile.js';
import { checkRefusal } from './refusal.js';
import type { FuzzTarget, Outcome } from './target.js';
import { camelCase } from '../../src/options/names.js';
import type { TrainOptions } from '../../src/options/train-options.js';

/** Values that options take; which ones does not matter, since a wrong one is an input too. */
const goodValue = fc.oneof(
  fc.integer({ min: 1, max: 300 }).map(String),
  fc.constantFrom(
    '0.5',
    '1e3',
    '1_000',
    '0',
    '1',
    'fast',
    'seed',
    'linear',
    'scaled',
    'bytes',
    'utf-8',
    'pure',
    'a.svg',
    'a.safetensors',
    '10m',
  ),
);

const value = fc.oneof({ arbitrary: goodValue, weight: 3 }, { arbitrary: hostileText, weight: 2 });

/** An option of a command's as words, mostly written well. */
function optionWords(command: Command): fc.Arbitrary<string[]> {
  const entries = Object.entries(command.builder);
  if (entries.length === 0) return fc.constant([]);
  return fc.tuple(fc.constantFrom(...entries), value, fc.nat(9)).map(([[name, option], value, form]) => {
    if (form === 0) return [`--${camelCase(name)}=${value}`];
    if (form === 1) return [`--no-${name}`];
    if (form === 2) return [`--${name}${value}`, value];
    if (isFlag(option)) return form === 3 ? [`--${name}=${value}`] : [`--${name}`];
    return form < 6 ? [`--${name}`, value] : [`--${name}=${value}`];
  });
}

const commandLine: fc.Arbitrary<string[]> = fc
  .constantFrom(...STUBS)
  .chain((command) =>
    fc.tuple(
      fc.constant([nameOf(command)]),
      fc.array(
        fc.oneof({ arbitrary: optionWords(command), weight: 8 }, { arbitrary: value.map((word) => [word]), weight: 1 }),
        { maxLength: 5 },
      ),
      fc.array(fc.constantFrom('a.txt', 'b.safetensors'), { maxLength: 2 }),
    ),
  )
  .map(([command, options, files]) => [...command, ...options.flat(), ...files]);

/** Words moved, doubled, left out or replaced. */
const wordEdit = fc
  .tuple(fc.constantFrom('move', 'double', 'drop', 'replace'), fc.nat(11), fc.nat(11), hostileText)
  .map(([kind, from, to, text]) => (words: string[]) => {
    const at = from % Math.max(words.length, 1);
    const [word] = kind === 'double' ? words.slice(at, at + 1) : words.splice(at, 1);
    const put = kind === 'replace' ? text : word;
    if (kind !== 'drop' && put !== undefined) words.splice(to % (words.length + 1), 0, put);
    return words;
  });

const words = fc
  .tuple(commandLine, fc.oneof(fc.constant([]), fc.array(wordEdit, { maxLength: 3 })))
  .map(([line, edits]) => edits.reduce((current, edit) => edit(current), [...line]));

/** Parses a command line whose handlers do nothing, and throws unless what comes out is what the program may run with. */
export async function outcomeOf(argv: readonly string[]): Promise<Outcome> {
  // Help and version go to the console, thousands of times.
  const { log } = console;
  console.log = () => {};
  try {
    checkGiven(await parse(...argv));
    return 'taken';
  } catch (error) {
    return checkRefusal(error);
  } finally {
    console.log = log;
  }
}

/** Every value must be one that its own check takes again, and a run's options such as a checkpoint can keep. */
function checkGiven(given: Record<string, unknown>): void {
  // --help and --version run no command.
  const [name] = given._ as unknown[];
  if (given.help !== undefined || given.version !== undefined || typeof name !== 'string') return;
  const command = commandOf(name);
  for (const [option, { coerce }] of Object.entries(command.builder)) {
    const value = given[camelCase(option)];
    if (value === undefined) continue;
    if (coerce ? !Object.is(coerce(`${value as string | number}`), value) : typeof value !== 'boolean') {
      throw new Error(`--${option} must not become ${JSON.stringify(value)}`);
    }
    if (typeof value === 'string' && value.includes('\0')) throw new Error(`--${option} must not hold NUL`);
  }
  if (name !== 'train') return;
  const train = given as TrainOptions;
  const { issues } = v.safeParse(optionsSchema, newRunOptions(train));
  if (issues) throw new Error(`a checkpoint could not keep these options: ${issues[0].message}`);
}

/** Command lines: every command and option, hostile words between them. */
export const optionsTarget: FuzzTarget<string[]> = { name: 'options', input: words, check: outcomeOf };

/** What `train --config` is given: the file's bytes and the rest of the command line. */
export interface ConfigInput {
  bytes: Uint8Array;
  words: string[];
}

const entry = fc
  .tuple(fc.constantFrom(...Object.entries(commandOf('train').builder)), value, fc.nat(9))
  .map(([[name, option], value, form]): [string, unknown] => {
    const key = form === 0 ? camelCase(name) : name;
    if (isFlag(option)) return [key, form !== 1];
    return [key, form < 5 && Number.isFinite(Number(value)) ? Number(value) : value];
  });

const damagedConfig = fc
  .tuple(
    fc.array(entry, { maxLength: 4 }),
    fc.array(jsonEdit, { maxLength: 2 }),
    fc.oneof({ arbitrary: fc.constant([]), weight: 2 }, { arbitrary: fc.array(anyEdit, { maxLength: 2 }), weight: 1 }),
  )
  .map(([entries, edits, byteEdits]) => {
    const text = JSON.stringify(Object.fromEntries(entries), null, 1);
    return edited(Buffer.from(edits.reduce((current, edit) => edit(current), text)), byteEdits);
  });

const configInput: fc.Arbitrary<ConfigInput> = fc.record({
  bytes: damagedConfig.map((bytes) => new Uint8Array(bytes)),
  words: fc.oneof(
    { arbitrary: fc.constant<string[]>([]), weight: 3 },
    { arbitrary: optionWords(commandOf('train')), weight: 1 },
  ),
});

async function checkConfig({ bytes, words }: ConfigInput): Promise<Outcome> {
  const path = join(tmpdir(), `min-char-rnn-fuzz-${process.pid}.json`);
  writeFileSync(path, bytes);
  try {
    return await outcomeOf(['train', '--config', path, ...words]);
  } finally {
    rmSync(path);
  }
}

/** Option files: JSON of all kinds, and what is none. */
export const configTarget: FuzzTarget<ConfigInput> = { name: 'config', input: configInput, check: checkConfig };
