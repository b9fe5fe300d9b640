import { type Command, nameOf } from '../../../src/cli/grammar/command.js';
import { buildParser, COMMANDS } from '../../../src/cli/parser.js';
import { UserError } from '../../../src/errors.js';

/** The commands with handlers that do nothing, so that a command line can be parsed and not run. */
export const STUBS: readonly Command[] = COMMANDS.map((command) => ({ ...command, handler: () => {} }));

/** The command of a name. */
export function commandOf(name: string): Command {
  const command = STUBS.find((known) => nameOf(known) === name);
  if (!command) throw new Error(`no command ${name}`);
  return command;
}

/** What the command would be given. */
export async function parse(...argv: string[]): Promise<Record<string, unknown>> {
  return buildParser(argv, STUBS).parseAsync();
}

/** The one line that a user would read; throws where the command line is taken, or fails as a bug does. */
export async function refusal(...argv: string[]): Promise<string> {
  try {
    await parse(...argv);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error(`taken: ${argv.join(' ')}`);
}
