import type { Given, OptionTable } from '../../options/option.js';
import { type YargsOption, yargsOptions } from './options.js';

/** A command as the checks and the help see it: how it is called, and its options by their names. */
export interface Command {
  /** The name with its arguments: `sample <checkpoint>`, `train [corpus]`. */
  command: string;
  describe: string;
  builder: Readonly<Record<string, YargsOption>>;
  handler: (given: never) => void | Promise<void>;
}

/** A command with the options of a table; `Arguments` are its words without a name. */
export function defineCommand<Table extends OptionTable, Arguments = unknown>(
  command: string,
  describe: string,
  options: Table,
  handler: (given: Given<Table> & Arguments) => void | Promise<void>,
): Command {
  return { command, describe, builder: yargsOptions(options), handler };
}

/** The name alone: `sample`. */
export function nameOf({ command }: Command): string {
  return command.split(' ')[0];
}

/** Its arguments as they are written, brackets and all: `<checkpoint>`. */
export function argumentsOf({ command }: Command): string[] {
  return command.split(' ').slice(1);
}

/** The option of a name, or undefined; safe for names such as `constructor`. */
export function optionOf({ builder }: Command, name: string): YargsOption | undefined {
  return Object.hasOwn(builder, name) ? builder[name] : undefined;
}

/** Whether an option is given or not, and takes no value. */
export function isFlag({ type }: YargsOption): boolean {
  return type === 'boolean';
}
