import yargs, { type Argv, type Options } from 'yargs';
import { UserError } from '../errors.js';
import { normalizeArguments, withDashes } from './grammar/arguments.js';
import { cacheCommand } from './commands/cache.js';
import { type Command, isFlag } from './grammar/command.js';
import { doctorCommand } from './commands/doctor.js';
import { evalCommand } from './commands/eval.js';
import { gradcheckCommand } from './commands/gradcheck.js';
import { infoCommand } from './commands/info.js';
import { pageCommand } from './commands/page.js';
import { programVersion } from '../system/version.js';
import { sampleCommand } from './commands/sample.js';
import { setupCommand } from './commands/setup.js';
import { trainCommand } from './commands/train.js';
import { workerCommand } from './commands/worker.js';

/** Every command. Their handlers import what is heavy, so that --help and --version answer at once. */
export const COMMANDS: readonly Command[] = [
  trainCommand,
  sampleCommand,
  evalCommand,
  infoCommand,
  pageCommand,
  gradcheckCommand,
  doctorCommand,
  setupCommand,
  cacheCommand,
  workerCommand,
];

/** Widest help, in columns; where the width is not known, NARROW. */
const WIDE = 100;
const NARROW = 80;

const USAGE = 'min-char-rnn <command> [options]\n\nCharacter-level language models: a vanilla RNN, trained fast.';

const EPILOGUE = `Examples:
  min-char-rnn train novel.txt --minutes 5 --checkpoint novel.safetensors
  min-char-rnn sample novel.safetensors --length 500

Exit codes: 0 done, 1 a mistake in what was given, 2 a bug or a fault of the machine, 130 ended by Ctrl-C (and saved).

<command> --help shows a command's options.`;

/**
 * The parser of a command line, without node and script: parsing it runs the command.
 * @param columns of the terminal that shows the help; @throws UserError for a command line that cannot be meant.
 */
export function buildParser(
  argv: readonly string[],
  commands: readonly Command[] = COMMANDS,
  columns: number = NARROW,
): Argv {
  const parser = yargs(normalizeArguments(argv, commands))
    // The usage below says the name once; yargs would repeat it before every command.
    .scriptName('')
    .usage(USAGE)
    .epilogue(EPILOGUE)
    .strict()
    .version(programVersion())
    .describe('help', 'show this help (also -h)')
    .describe('version', 'show the version (also -v)')
    .wrap(Math.min(WIDE, columns))
    // The process ends by itself when all is written.
    .exitProcess(false)
    .parserConfiguration({ 'dot-notation': false, 'parse-numbers': false, 'parse-positional-numbers': false })
    .middleware((given) => {
      for (const [name, value] of Object.entries(given)) given[name] = withDashes(value);
    })
    .fail((message, error) => {
      // What `coerce` throws arrives as a message alone.
      throw error instanceof Error && error.name !== 'YError' ? error : new UserError(message);
    });
  for (const command of commands) {
    const { command: call, describe } = command;
    parser.command({
      command: call,
      describe,
      builder: (inner) => inner.usage(`min-char-rnn ${call} [options]\n\n${describe}`).options(shownOptions(command)),
      handler: command.handler as (given: object) => void | Promise<void>,
    });
  }
  return withoutTypes(withoutStoredHelp(parser));
}

/** What yargs is given: a flag that is on by default is shown as --no-`name`. */
function shownOptions({ builder }: Command): Record<string, Options> {
  const entries = Object.entries(builder).flatMap(([name, option]): [string, Options][] => {
    if (!isFlag(option) || option.default !== true) return [[name, option]];
    const { describe = '', group = '' } = option;
    return [
      [name, { type: 'boolean', default: true, hidden: true }],
      [`no-${name}`, { type: 'boolean', describe, group }],
    ];
  });
  return Object.fromEntries(entries);
}

/**
 * Spares a command 50 ms of its start: yargs lays out its help as it begins to run, for a later showHelp() that never
 * comes here. There is no public way to say so.
 */
function withoutStoredHelp(parser: Argv): Argv {
  type Internals = { getUsageInstance: () => { cacheHelpMessage: () => void } };
  const { getInternalMethods } = parser as Argv & { getInternalMethods: () => Internals };
  getInternalMethods.call(parser).getUsageInstance().cacheHelpMessage = () => undefined;
  return parser;
}

/** Leaves [string] and the like out of the help; the descriptions have the defaults. */
function withoutTypes(parser: Argv): Argv {
  // Missing in @types/yargs 17.
  const { usageConfiguration } = parser as Argv & { usageConfiguration: (config: object) => Argv };
  return usageConfiguration.call(parser, { 'hide-types': true });
}
