import { closeSync, openSync, readSync } from 'node:fs';
import { requireUtf8 } from '../../corpus/foreign-format.js';
import { checkStructure, shown } from '../../system/bounded-json.js';
import { messageOf, UserError } from '../../errors.js';
import { type Command, isFlag, nameOf, optionOf } from './command.js';
import { nearest } from '../../options/nearest.js';
import { kebabCase } from '../../options/names.js';

/** The longest file of options, in bytes: all options with long paths take a few thousand. */
const MAX_BYTES = 1 << 20;

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
  let bytes: Uint8Array;
  try {
    bytes = readBytes(path);
  } catch (error) {
    const cause = messageOf(error).startsWith('ENOENT') ? 'does not exist' : `cannot be read: ${messageOf(error)}`;
    throw new UserError(`--config must name a JSON file, but '${path}' ${cause}; check the path`);
  }
  const text = requireUtf8(bytes, `--config must name a JSON file in UTF-8, but '${path}' is not`);
  const value = parse(path, Buffer.from(text).toString());
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new UserError(
    `--config must name a file with a JSON object, but '${path}' holds ${describe(value)}; ` +
      'write for example {"hidden-size": 256}',
  );
}

/** Reads no further than a file of options goes, so that a wrong name, or a device without end, costs nothing. */
function readBytes(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, { offset: length });
    if (length > MAX_BYTES) throw new Error(`it is longer than ${MAX_BYTES} bytes`);
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function parse(path: string, text: string): unknown {
  try {
    checkStructure(text, 'it');
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
  if (value === true && option.alone !== undefined) return option.alone;
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
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? 'an object' : shown(value);
}
