import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { UserError } from '../../errors.js';
import { argumentsOf, type Command, isFlag, nameOf, optionOf } from './command.js';
import { readConfig } from './config-file.js';
import type { YargsOption } from './options.js';
import { nearest } from '../../options/nearest.js';
import { programName } from '../../system/invocation.js';
import { shellWord } from '../../system/shell-word.js';
import { camelCase, kebabCase } from '../../options/names.js';

/** An option as it stands on the command line. */
interface GivenOption {
  /** Without dashes, as it was written. */
  name: string;
  value: string | undefined;
  /** Whether the value was written with an equals sign. */
  inline: boolean;
  /** The whole word, dashes and all. */
  word: string;
  /** The word after it; undefined where that cannot be its value. */
  next: string | undefined;
}

/**
 * Checks a command line as yargs does not (it takes a repeated flag, --no-steps, or another flag as a value) and writes
 * it in one plain form: the command, every option as --name=value, those of a --config file too, and the arguments.
 * @throws UserError for what no command takes; the values of options are checked later.
 */
export function normalizeArguments(given: readonly string[], commands: readonly Command[]): string[] {
  const argv = given[0] === 'help' ? [...given.slice(1), '--help'] : [...given];
  const { options, positionals } = scan(argv, commands);
  const [name, ...rest] = positionals;
  if (options.some((option) => option.name === 'version' || option.word === '-v')) return ['--version'];
  const helping = options.some((option) => option.name === 'help' || option.word === '-h');
  if (helping && name === undefined) return ['--help'];
  const command = findCommand(name, commands, rest);
  if (helping) return [name, '--help'];
  const values = checkOptions(options, command, commands);
  checkPositionals(rest, command);
  for (const [key, value] of configured(values, command)) if (!values.has(key)) values.set(key, value);
  const files = rest.map(plainWord);
  // In quotes, because yargs takes off one pair, which may be the value's own.
  return [name, ...[...values].map(([key, value]) => `--${key}="${value}"`), ...files];
}

/** Stands for a lone dash, which yargs drops from a list; no word from outside can have this character. */
const DASH = '\0';

/** After --, a name that begins with a dash is still a file's; a dash alone is standard input. */
function plainWord(word: string): string {
  if (word === '-') return DASH;
  return word.startsWith('-') ? `./${word}` : word;
}

/** An argument, or a list of them, as yargs gives it, with the dashes back in it. */
export function withDashes(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(withDashes);
  return given === DASH ? '-' : given;
}

/** Takes the command line to pieces, knowing which options take a value; no two commands differ in that. */
function scan(argv: string[], commands: readonly Command[]): { options: GivenOption[]; positionals: string[] } {
  const types: Record<string, { type: 'boolean' | 'string' }> = {};
  const maybeAlone = new Set<string>();
  for (const { builder } of commands) {
    for (const [name, option] of Object.entries(builder)) {
      const isComplete = isFlag(option) || option.alone !== undefined;
      types[name] = types[camelCase(name)] = { type: isComplete ? 'boolean' : 'string' };
      if (option.alone !== undefined) maybeAlone.add(name).add(camelCase(name));
    }
  }
  const { tokens } = parseArgs({ args: argv, options: types, strict: false, allowPositionals: true, tokens: true });
  const options: GivenOption[] = [];
  const positionals: string[] = [];
  let taken: number | undefined;
  for (const token of tokens) {
    if (token.kind === 'positional' && token.index !== taken) positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, value, inlineValue: inline = false, index } = token;
    const next = maybeAlone.has(name) ? numberIn(argv.at(index + 1)) : argv.at(index + 1);
    if (maybeAlone.has(name) && !inline && next !== undefined) taken = index + 1;
    options.push({ name, value, inline, word: argv[index], next });
  }
  return { options, positionals };
}

/** The word after an option that may come without a value, if it is its value: anything but a number is a file's name. */
function numberIn(word: string | undefined): string | undefined {
  return word !== undefined && /^\d+$/.test(word) ? word : undefined;
}

function findCommand(name: string | undefined, commands: readonly Command[], rest: readonly string[]): Command {
  const names = commands.map(nameOf);
  const command = commands.find((known) => nameOf(known) === name);
  if (command) return command;
  const list = `one of ${names.join(', ')}`;
  if (name === undefined) {
    throw new UserError(`a command must come first (${list}), but none came; try ${programName()} train, or --help`);
  }
  const near = nearest(name, names);
  const meant = near ?? (rest.length === 0 && existsSync(name) ? `train ${shellWord(name)}` : undefined);
  const advice = meant === undefined ? 'see --help' : `did you mean ${meant}?`;
  throw new UserError(`the first word must be a command (${list}), but got '${name}'; ${advice}`);
}

/** The values by the options' names; flags are 'true' or 'false'. */
function checkOptions(
  options: readonly GivenOption[],
  command: Command,
  commands: readonly Command[],
): Map<string, string> {
  const values = new Map<string, string>();
  for (const given of options) {
    const [name, value] = checkOption(given, command, commands);
    const earlier = values.get(name);
    if (earlier !== undefined) {
      const came = isFlag(optionOf(command, name) ?? {}) ? '' : ` (${earlier} and ${value})`;
      throw new UserError(`--${name} must be given once, but came more than once${came}; keep one of them`);
    }
    values.set(name, value);
  }
  return values;
}

/** The option's full name and its value. */
function checkOption(given: GivenOption, command: Command, commands: readonly Command[]): [string, string] {
  const name = kebabCase(given.name);
  const option = given.word.startsWith('--') ? optionOf(command, name) : undefined;
  if (option) return [name, isFlag(option) ? flagValue(name, given) : valueOf(name, given, option)];
  const positive = name.replace(/^no-/, '');
  const negated = optionOf(command, positive);
  if (!negated || positive === name) throw new UserError(explainUnknown(given, command, commands));
  if (isFlag(negated) && !given.inline) return [positive, 'false'];
  throw new UserError(
    isFlag(negated)
      ? `--${name} must stand alone, but got '${given.word}'; write --${positive} or --${name}`
      : `--${positive} takes a value and cannot be negated, but got '${given.word}'; leave it out instead`,
  );
}

function flagValue(name: string, { value, inline, word }: GivenOption): string {
  if (!inline) return 'true';
  if (value === 'true' || value === 'false') return value;
  throw new UserError(`--${name} must stand alone, but got '${word}'; write --${name} without a value`);
}

function valueOf(name: string, { value, inline, next }: GivenOption, { alone }: YargsOption): string {
  if (inline) return value ?? '';
  if (next === undefined && alone !== undefined) return alone;
  if (next === undefined) {
    throw new UserError(`--${name} must have a value, but none came after it; write --${name} VALUE`);
  }
  // -5 is a number and - stands for stdin; anything else with a dash is taken for the next option.
  if (!/^-[^\d.]/.test(next)) return next;
  throw new UserError(
    `--${name} must have a value, but '${next}' came after it; write --${name} VALUE, or --${name}='${next}' if that is it`,
  );
}

function explainUnknown({ name: given, word }: GivenOption, command: Command, commands: readonly Command[]): string {
  const name = kebabCase(given);
  const short = !word.startsWith('--');
  const shown = word.split('=')[0];
  const start = `${nameOf(command)} has no option ${shown}`;
  const argument = argumentsOf(command).find((written) => written.slice(1, -1).replace('..', '') === name);
  if (argument !== undefined) return `${start}; write its value without it: ${command.command}`;
  const wanted = short ? kebabCase(shown.slice(1)) : name;
  const near = nearest(wanted, [...Object.keys(command.builder), 'help', 'version']);
  const others = commands.filter((other) => other !== command && optionOf(other, wanted) !== undefined).map(nameOf);
  if (near !== wanted && others.length > 0)
    return `${start}, but ${others.join(' and ')} ${others.length > 1 ? 'have' : 'has'}; leave it out`;
  if (near !== undefined) return `${start}; did you mean --${near}?`;
  return `${start}; see ${programName()} ${nameOf(command)} --help`;
}

function checkPositionals(given: readonly string[], command: Command): void {
  const wanted = argumentsOf(command);
  const required = wanted.filter((argument) => argument.startsWith('<'));
  if (given.length < required.length) {
    const missing = required.slice(given.length).join(' and ');
    throw new UserError(
      `${nameOf(command)} must have ${required.join(' and ')}, but ${missing} did not come; ` +
        `write ${programName()} ${command.command}`,
    );
  }
  if (given.length <= wanted.length || wanted.at(-1)?.slice(1, -1).endsWith('..')) return;
  const most = wanted.length === 0 ? 'no arguments' : `no more than ${wanted.join(' and ')}`;
  const extra = given.slice(wanted.length).map((word) => `'${word}'`);
  throw new UserError(
    `${nameOf(command)} takes ${most}, but ${extra.join(' and ')} came too; leave it out, or quote a name with spaces`,
  );
}

/** The options in the file that --config names, if it came. */
function configured(values: ReadonlyMap<string, string>, command: Command): Map<string, string> {
  const path = values.get('config');
  return path === undefined ? new Map<string, string>() : readConfig(path, command);
}
