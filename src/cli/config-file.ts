import { readFileSync } from 'node:fs';
import { messageOf, UserError } from '../errors.js';
import { type Command, isFlag, kebabCase, nameOf, optionOf } from './command.js';
import { nearest } from './nearest.js';

/**
 * Reads a JSON file of options, named as on the command line without the dashes or in camelCase.
 * @returns the values as the command line would have them. @throws UserError that names the file and the option.
 */
export function readConfig(path: string, command: Command): Map<string, string> {
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(readObject(path))) {
    const name = kebabCase(key);
    if (values.has(name)) throw new UserError(`'${path}' must give ${name} once, but gives it twice; keep one of them`);
    values.set(name, checkEntry(path, name, value, command));
  }
  return values;
}

function readObject(path: string): object {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const cause = messageOf(error).startsWith('ENOENT') ? 'does not exist' : `cannot be read: ${messageOf(error)}`;
    throw new UserError(`--config must name a JSON file, but '${path}' ${cause}; check the path`);
  }
  const value = parse(path, text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new UserError(
    `--config must name a file with a JSON object, but '${path}' holds ${describe(value)}; ` +
      'write for example {"hidden-size": 256}',
  );
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`--config must name a JSON file, but '${path}' is none: ${messageOf(error)}; correct it`);
  }
}

function checkEntry(path: string, name: string, value: unknown, command: Command): string {
  const option = name === 'config' ? undefined : optionOf(command, name);
  if (!option) {
    const near = nearest(name, Object.keys(command.builder));
    const advice = near === undefined ? `see ${nameOf(command)} --help` : `did you mean ${near}?`;
    throw new UserError(`'${path}' must hold options of ${nameOf(command)}, but '${name}' is none; ${advice}`);
  }
  const fits = isFlag(option) ? typeof value === 'boolean' : typeof value === 'string' || typeof value === 'number';
  if (!fits) {
    const wanted = isFlag(option) ? 'true or false' : 'a number or a text';
    throw new UserError(`${name} in '${path}' must be ${wanted}, but is ${describe(value)}; correct it`);
  }
  try {
    option.coerce?.(String(value));
  } catch (error) {
    throw new UserError(`in '${path}': ${messageOf(error)}`);
  }
  return String(value);
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? 'an object' : JSON.stringify(value);
}
