import type { Options } from 'yargs';

/** A command as the checks and the help see it: how it is called, and its options by their names. */
export interface Command {
  /** The name with its arguments: `sample <checkpoint>`, `train [corpus]`. */
  command: string;
  describe: string;
  builder: Readonly<Record<string, Options>>;
  handler: (given: never) => void | Promise<void>;
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
export function optionOf({ builder }: Command, name: string): Options | undefined {
  return Object.hasOwn(builder, name) ? builder[name] : undefined;
}

/** Whether an option is given or not, and takes no value. */
export function isFlag({ type }: Options): boolean {
  return type === 'boolean';
}

/** learningRate → learning-rate */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** learning-rate → learningRate */
export function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
