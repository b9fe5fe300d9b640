import { closest, distance } from 'fastest-levenshtein';
import type { CommandModule } from 'yargs';
import { messageOf, UserError } from '../errors.js';

/** Exit codes: 0 done, 1 the user's mistake, 2 a bug or a fault of the machine. A signal's is 128 + its number. */
export const EXIT = { done: 0, mistake: 1, fault: 2 } as const;

/** Prints what went wrong, a user's mistake as one line and anything else with its stack, and ends the process. */
export function reportAndExit(error: unknown): never {
  if (error instanceof UserError) {
    process.stderr.write(`min-char-rnn: ${messageOf(error)}\n`);
    process.exit(EXIT.mistake);
  }
  const stack = error instanceof Error ? error.stack : undefined;
  process.stderr.write(`min-char-rnn: this is a bug or a fault of the machine:\n${stack ?? String(error)}\n`);
  process.exit(EXIT.fault);
}

/** The names that a user may have meant. */
export interface KnownNames {
  commands: readonly string[];
  options: readonly string[];
}

/** The names in a list of commands. */
export function namesOf(commands: readonly CommandModule[]): KnownNames {
  return {
    commands: commands.map(({ command }) => String(command).split(' ')[0]),
    options: [...new Set(commands.flatMap(({ builder }) => (typeof builder === 'object' ? Object.keys(builder) : [])))],
  };
}

/** yargs' hook for bad usage: turns its messages into one line that says what to do. */
export function failWith(names: KnownNames): (message: string | null, error: unknown) => never {
  return (message, error) => {
    if (error instanceof Error && error.name !== 'YError') throw error;
    throw new UserError(explain(message ?? messageOf(error), names));
  };
}

function explain(message: string, names: KnownNames): string {
  const unknown = /^Unknown (?:argument|command)s?: ([^,]+)/.exec(message);
  if (unknown) return explainUnknown(unknown[1], names);
  const valueless = /^Not enough arguments following: (.+)$/.exec(message);
  if (valueless) return `--${valueless[1]} must have a value, but none came; write --${valueless[1]} VALUE`;
  if (message.startsWith('Not enough non-option arguments')) return 'a required argument is missing; see --help';
  return `${messageOf(new Error(message))}; see --help`;
}

/** yargs strips the dashes of an unknown option, so the command line tells what it was. */
function explainUnknown(name: string, { commands, options }: KnownNames): string {
  const isOption = process.argv.some(
    (given) => given.startsWith('-') && given.replace(/^-+/, '').split('=')[0] === name,
  );
  const known = isOption ? options : commands;
  const near = known.length === 0 ? '' : closest(name, known);
  const likely = near !== '' && distance(name, near) <= Math.max(2, name.length / 3);
  const dashes = isOption ? '--' : '';
  const advice = likely ? `did you mean ${dashes}${near}?` : 'see --help for those that exist';
  return `'${dashes}${name}' is no known ${isOption ? 'option' : 'command or argument'}; ${advice}`;
}
