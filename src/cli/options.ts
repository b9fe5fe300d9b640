import type { Options } from 'yargs';
import { UserError } from '../errors.js';

/** What an option says about itself in `--help`. */
interface Described {
  describe: string;
  group?: string;
  /** Shown as the default; the value itself is filled in later, so that given and not given can be told apart. */
  default?: number | string;
}

interface Range {
  min: number;
  /** Whether `min` itself is allowed; it is unless told otherwise. */
  exclusive?: boolean;
  max?: number;
}

/** The part of a yargs option that all of ours share: a value is required, and shown defaults are not filled in. */
function described({ describe, group, default: shown }: Described) {
  return {
    type: 'string',
    requiresArg: true,
    describe,
    ...(group === undefined ? {} : { group }),
    ...(shown === undefined ? {} : { defaultDescription: String(shown) }),
  } as const satisfies Options;
}

/** An option that takes a whole number. */
export function wholeNumber(name: string, spec: Described & Range) {
  const wanted = `a whole number ${rangeText(spec)}`;
  const coerce = (given: unknown) => {
    const text = once(name, given);
    const value = /^[+-]?\d+(e\d+)?$/i.test(text.replaceAll('_', '')) ? Number(text.replaceAll('_', '')) : NaN;
    return checked(name, wanted, text, value, spec, Number.isSafeInteger(value));
  };
  return { ...described(spec), coerce };
}

/** An option that takes a number, whole or not. */
export function decimal(name: string, spec: Described & Range) {
  const wanted = `a number ${rangeText(spec)}`;
  const coerce = (given: unknown) => {
    const text = once(name, given);
    const value = text.trim() === '' ? NaN : Number(text);
    return checked(name, wanted, text, value, spec, Number.isFinite(value));
  };
  return { ...described(spec), coerce };
}

/** An option that takes one of a list of words. */
export function oneOf<const Word extends string>(name: string, words: readonly Word[], spec: Described) {
  const coerce = (given: unknown): Word => {
    const text = once(name, given);
    const word = words.find((known) => known === text);
    if (word === undefined)
      throw new UserError(`--${name} must be one of ${words.join(', ')}, but got '${text}'; choose one`);
    return word;
  };
  return { ...described({ ...spec, describe: `${spec.describe} [${words.join('|')}]` }), coerce };
}

/** An option that takes a text, such as a path. */
export function text(name: string, spec: Described) {
  const coerce = (given: unknown) => {
    const value = once(name, given);
    if (value === '') throw new UserError(`--${name} must not be empty; give it a value or leave it out`);
    return value;
  };
  return { ...described(spec), coerce };
}

/** An option that is given or not. */
export function flag(name: string, spec: Described) {
  const coerce = (given: unknown): boolean => once(name, given) === 'true';
  const { describe, group } = spec;
  return { type: 'boolean', describe, ...(group === undefined ? {} : { group }), coerce } as const;
}

/** The value of an option that may be given once. */
function once(name: string, given: unknown): string {
  if (!Array.isArray(given)) return String(given);
  throw new UserError(`--${name} must be given once, but came ${given.length} times; keep one of them`);
}

function checked(
  name: string,
  wanted: string,
  text: string,
  value: number,
  { min, max = Infinity, exclusive = false }: Range,
  wellFormed: boolean,
): number {
  const inside = wellFormed && (exclusive ? value > min : value >= min) && value <= max;
  if (inside) return value;
  throw new UserError(`--${name} must be ${wanted}, but got '${text}'; give such a number`);
}

function rangeText({ min, max, exclusive = false }: Range): string {
  const lower = exclusive ? `above ${min}` : `of ${min} or more`;
  if (max === undefined) return lower;
  return exclusive ? `above ${min} and at most ${max}` : `from ${min} to ${max}`;
}
