import { UserError } from '../errors.js';
import { runCommand, type CommandOptions, type CommandResult } from '../system/run-command.js';

/** A program with the parameters that always go first, such as `python3 -m pip`. */
export type Command = readonly [string, ...string[]];

/** The programs of the machine that the set-up needs. */
export interface Tools {
  readonly pip: Command;
  readonly compiler: Command;
}

const PIP_COMMANDS: readonly Command[] = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];
const COMPILERS: readonly Command[] = [['g++'], ['c++'], ['clang++']];

/**
 * Finds pip and a C++ compiler.
 *
 * @throws UserError with one line for each that is missing.
 */
export async function findTools(options: CommandOptions): Promise<Tools> {
  const pip = await findPip(options);
  const compiler = await findCompiler(options);
  const missing = [pip, compiler].filter((found) => typeof found === 'string');
  if (typeof pip === 'string' || typeof compiler === 'string') throw new UserError(missing.join('\n'));
  return { pip, compiler };
}

/** pip, or the line that says why there is none. */
async function findPip(options: CommandOptions): Promise<Command | string> {
  let pythonRan = false;
  for (const command of PIP_COMMANDS) {
    const result = await runCommand([...command, '--version'], options);
    if (result?.code === 0) return command;
    pythonRan ||= result !== undefined && isWithoutPip(result);
  }
  return pythonRan
    ? 'pip is needed to download TensorFlow, this Python has none: install it (Debian: apt-get install python3-pip; elsewhere: python3 -m ensurepip)'
    : 'Python with pip is needed to download TensorFlow, none was found: install it (Debian: apt-get install python3-pip; macOS: xcode-select --install)';
}

function isWithoutPip(result: CommandResult): boolean {
  return result.stderr.includes('No module named pip');
}

/** The C++ compiler, or the line that says why there is none. A set `CXX` is the user's choice and stands alone. */
async function findCompiler(options: CommandOptions): Promise<Command | string> {
  const chosen = splitCommand(options.env.CXX);
  for (const command of chosen ? [chosen] : COMPILERS) {
    const result = await runCommand([...command, '--version'], options);
    if (result?.code === 0) return command;
  }
  return chosen
    ? `CXX must name a C++ compiler, "${chosen.join(' ')}" does not run: correct it or unset it`
    : 'a C++ compiler is needed to build the binding, none was found: install one (Debian: apt-get install g++; macOS: xcode-select --install)';
}

/** `CXX` may hold parameters too, as in `ccache g++`. */
function splitCommand(text: string | undefined): Command | undefined {
  const [program, ...parameters] = (text ?? '').split(/\s+/).filter((part) => part !== '');
  return program === undefined ? undefined : [program, ...parameters];
}
