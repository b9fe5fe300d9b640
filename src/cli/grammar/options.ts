import type { Options } from 'yargs';
import { UserError } from '../../errors.js';
import { nearest } from './nearest.js';

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
  /** A value to try, for messages; the default where it is a number. */
  example?: number;
}

/** The part of a yargs option that all of ours share: text until `coerce`, and defaults only in the description. */
function described({ describe, group, default: shown }: Described, words: readonly string[] = []) {
  const remarks = [words.join('|'), shown === undefined ? '' : `default ${shown}`].filter((remark) => remark !== '');
  return {
    type: 'string',
    describe: remarks.length === 0 ? describe : `${describe} (${remarks.join('; ')})`,
    ...(group === undefined ? {} : { group }),
  } as const satisfies Options;
}

/** An option that takes a whole number: 1000, 1_000 or 1e3. */
export function wholeNumber(name: string, spec: Described & Range) {
  const range = { ...spec, max: spec.max ?? Number.MAX_SAFE_INTEGER };
  const coerce = (given: string) => {
    const digits = /^[+-]?\d+(_\d+)*(e\+?\d+)?$/i.test(given) ? given.replaceAll('_', '') : '';
    return inRange(name, `a whole number ${rangeText(spec)}`, given, digits, range);
  };
  return { ...described(spec), coerce };
}

/** An option that takes a number, whole or not. */
export function decimal(name: string, spec: Described & Range) {
  const range = { ...spec, max: spec.max ?? Number.MAX_VALUE };
  const coerce = (given: string) => {
    const digits = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(given) ? given : '';
    return inRange(name, `a number ${rangeText(spec)}`, given, digits, range);
  };
  return { ...described(spec), coerce };
}

/** An option that takes one of a list of words. */
export function oneOf<const Word extends string>(name: string, words: readonly Word[], spec: Described) {
  const coerce = (given: string): Word => {
    const word = words.find((known) => known === given);
    if (word !== undefined) return word;
    const near = nearest(given, words);
    const advice = near === undefined ? 'choose one' : `did you mean ${near}?`;
    throw new UserError(`--${name} must be one of ${words.join(', ')}, but got '${given}'; ${advice}`);
  };
  return { ...described(spec, words), coerce };
}

/** An option that takes a text, such as a path; with `endings`, one that ends in one of them. */
export function text(name: string, spec: Described & { endings?: readonly string[] }) {
  const { endings } = spec;
  const coerce = (given: string) => {
    if (given === '') throw new UserError(`--${name} must not be empty; give it a value or leave it out`);
    // No path can have it, and the system's own refusal is no user's mistake to Node.
    if (given.includes('\0')) throw new UserError(`--${name} must not hold a NUL character, but does; take it out`);
    if (!endings || endings.some((ending) => given.toLowerCase().endsWith(ending))) return given;
    throw new UserError(`--${name} must end in ${endings.join(' or ')}, but got '${given}'; rename it`);
  };
  return { ...described(spec), coerce };
}

/** An option that is given or not. One that is on by `default` is shown as --no-`name`. */
export function flag({ describe, group, on = false }: Omit<Described, 'default'> & { on?: boolean }) {
  return {
    type: 'boolean',
    describe,
    ...(group === undefined ? {} : { group }),
    ...(on ? { default: true } : {}),
  } as const satisfies Options;
}

/** The number that `digits` says ('' for none), when it is in the range. */
function inRange(
  name: string,
  wanted: string,
  given: string,
  digits: string,
  { min, max, exclusive = false, example, default: shown }: Described & Range & { max: number },
): number {
  // -0 is 0, and is shown and saved as such.
  const value = digits === '' ? NaN : Number(digits) + 0;
  if ((exclusive ? value > min : value >= min) && value <= max) return value;
  const most = value > max ? `at most ${max}` : wanted;
  const advice = example ?? (typeof shown === 'number' ? shown : min);
  throw new UserError(`--${name} must be ${most}, but got '${given}'; write for example --${name} ${advice}`);
}

function rangeText({ min, max, exclusive = false }: Range): string {
  const lower = exclusive ? `above ${min}` : `of ${min} or more`;
  if (max === undefined) return lower;
  return exclusive ? `above ${min} and at most ${max}` : `from ${min} to ${max}`;
}
