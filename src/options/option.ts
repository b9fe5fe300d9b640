import { UserError } from '../errors.js';
import { flagOf } from './names.js';
import { nearest } from './nearest.js';

/**
 * What becomes of an option when its run is saved and resumed. `fixed`: kept, and the same for the whole run; `limit`:
 * kept, and all limits are replaced when a new one is given; `free`: kept, and replaced when given; `session`: not kept.
 */
export type Role = 'fixed' | 'limit' | 'free' | 'session';

/** One option: what it means, what it takes, and how a word of the command line becomes its value. */
export interface Option<Value = unknown, R extends Role = Role> {
  readonly kind: 'number' | 'word' | 'text' | 'flag';
  /** For `--help`. */
  readonly describe: string;
  /** The heading that it stands under in `--help`. */
  readonly group: string | undefined;
  readonly role: R;
  /** The value without which nothing was given; undefined where there is none. */
  readonly default: Value | undefined;
  /** The default in words, where it is not a value. */
  readonly defaultInWords: string | undefined;
  /** The word that it stands for where it comes without a value; undefined where it must have one. */
  readonly alone: string | undefined;
  /** The words that a `word` may be. */
  readonly words: readonly string[];
  /** Whether a value from outside is one that this option takes. */
  readonly accepts: (value: unknown) => value is Value;
  /** What a value must be, to follow "must be": "a whole number from 1 to 10000". */
  readonly rule: string;
  /** The value that a word stands for. @param name as the message calls it. @throws UserError for a wrong word. */
  readonly parse: (name: string, word: string) => Value;
  /** Checks a value from a program. @param name as the message calls it. @throws UserError for a wrong one. */
  readonly check: (name: string, value: unknown) => Value;
}

/** The value of an option. */
export type ValueOf<O> = O extends Option<infer Value> ? Value : never;

/** Options by their names. */
export type OptionTable = Readonly<Record<string, Option>>;

/** The values of a table, none of which need be given. */
export type Given<Table extends OptionTable> = { -readonly [Name in keyof Table]?: ValueOf<Table[Name]> | undefined };

interface Described<Value, R extends Role> {
  describe: string;
  group?: string;
  /** `session` where it is left out. */
  role?: R;
  default?: Value;
  defaultInWords?: string;
  /** The word that the option stands for without a value; only a number may then come after it as one. */
  alone?: string;
}

interface Range {
  min: number;
  max?: number;
  /** Whether `min` itself is refused. */
  exclusive?: boolean;
  /** A value to try, for messages; the default where it is left out. */
  example?: number;
}

/** An option that takes a whole number: 1000, 1_000 or 1e3. */
export function wholeNumber<R extends Role = 'session'>(spec: Described<number, R> & Range): Option<number, R> {
  const range = { ...spec, max: spec.max ?? Number.MAX_SAFE_INTEGER };
  const digits = (word: string) => (/^[+-]?\d+(_\d+)*(e\+?\d+)?$/i.test(word) ? word.replaceAll('_', '') : '');
  return numeric(spec, range, `a whole number ${rangeText(spec)}`, digits, Number.isInteger);
}

/** An option that takes a number, whole or not. */
export function decimal<R extends Role = 'session'>(
  spec: Described<number, R> & Range & { max: number },
): Option<number, R> {
  const digits = (word: string) => (/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(word) ? word : '');
  return numeric(spec, spec, `a number ${rangeText(spec)}`, digits, () => true);
}

function numeric<R extends Role>(
  spec: Described<number, R> & Range,
  { min, max, exclusive = false, example }: Range & { max: number },
  rule: string,
  digitsOf: (word: string) => string,
  fits: (value: number) => boolean,
): Option<number, R> {
  const accepts = (value: unknown): value is number =>
    typeof value === 'number' && (exclusive ? value > min : value >= min) && value <= max && fits(value);
  const refuse = (name: string, value: unknown, shown: string): never => {
    const wanted = typeof value === 'number' && value > max && value < Infinity ? `at most ${max}` : rule;
    throw new UserError(
      `${name} must be ${wanted}, but got ${shown}; write for example ${name} ${example ?? spec.default ?? min}`,
    );
  };
  return {
    ...common(spec),
    kind: 'number',
    rule,
    accepts,
    parse: (name, word) => {
      const digits = digitsOf(word);
      // -0 is 0, and is shown and saved as such.
      const value = digits === '' ? NaN : Number(digits) + 0;
      return accepts(value) ? value : refuse(name, value, `'${word}'`);
    },
    check: (name, value) => (accepts(value) ? value : refuse(name, value, shown(value))),
  };
}

/** A value from a program as a message shows it, short. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 100)}'`;
  const isPlain = value === null || ['number', 'boolean', 'bigint', 'undefined'].includes(typeof value);
  return isPlain ? String(value) : Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

function rangeText({ min, max, exclusive = false }: Range): string {
  if (exclusive) return max === undefined ? `above ${min}` : `above ${min} and at most ${max}`;
  return max === undefined ? `of ${min} or more` : `from ${min} to ${max}`;
}

/** An option that takes one of a list of words. */
export function oneOf<const Word extends string, R extends Role = 'session'>(
  words: readonly Word[],
  spec: Described<Word, R>,
): Option<Word, R> {
  const accepts = (value: unknown): value is Word => words.some((word) => word === value);
  const check = (name: string, value: unknown): Word => {
    if (accepts(value)) return value;
    const advice = typeof value === 'string' ? likely(value, words) : 'choose one';
    throw new UserError(`${name} must be one of ${words.join(', ')}, but got ${shown(value)}; ${advice}`);
  };
  return {
    ...common(spec),
    kind: 'word',
    words,
    rule: `one of ${words.join(', ')}`,
    accepts,
    parse: check,
    check,
  };
}

/** Advice for a wrong word: the one that was likely meant. */
export function likely(word: string, words: readonly string[], before = ''): string {
  const near = nearest(word, words);
  return near === undefined ? 'choose one' : `did you mean ${before}${near}?`;
}

/**
 * An option that takes a text, such as a path; with `endings`, one that ends in one of them. With `writes`, what is
 * written to: then `-`, which stands for standard input among texts, is refused, as no file of that name is meant.
 */
export function text<R extends Role = 'session'>(
  spec: Described<string, R> & { endings?: readonly string[]; writes?: 'file' | 'folder' },
): Option<string, R> {
  const { endings, writes } = spec;
  const isComplete = (value: string) => !endings || endings.some((ending) => value.toLowerCase().endsWith(ending));
  const parse = (name: string, word: string): string => {
    if (word === '') throw new UserError(`${name} must not be empty; give it a value or leave it out`);
    // No path can hold one, and Node does not report it as a mistake of the user's.
    if (word.includes('\0')) throw new UserError(`${name} must not hold a NUL character, but does; take it out`);
    if (writes && word === '-') {
      throw new UserError(
        `${name} must name a ${writes}, but got '-', which stands for standard input; write a name, ./- for this one`,
      );
    }
    if (isComplete(word)) return word;
    throw new UserError(`${name} must end in ${endings?.join(' or ')}, but got '${word}'; rename it`);
  };
  return {
    ...common(spec),
    kind: 'text',
    rule: endings ? `a text that ends in ${endings.join(' or ')}` : 'a text that is not empty',
    accepts: (value): value is string =>
      typeof value === 'string' &&
      value !== '' &&
      !value.includes('\0') &&
      !(writes && value === '-') &&
      isComplete(value),
    parse,
    check: (name, value) => (typeof value === 'string' ? parse(name, value) : refuseType(name, 'a text', value)),
  };
}

/** An option that is on or off. One that is on by default is shown as --no-`name`. */
export function flag(spec: Described<boolean, 'session'>): Option<boolean, 'session'> {
  return {
    ...common(spec),
    kind: 'flag',
    rule: 'true or false',
    accepts: (value) => typeof value === 'boolean',
    parse: (name, word) => {
      if (word === 'true' || word === 'false') return word === 'true';
      throw new UserError(`${name} must be true or false, but got '${word}'; write one of them`);
    },
    check: (name, value) => (typeof value === 'boolean' ? value : refuseType(name, 'true or false', value)),
  };
}

function refuseType(name: string, wanted: string, value: unknown): never {
  throw new UserError(`${name} must be ${wanted}, but got ${shown(value)}; give one or leave it out`);
}

/**
 * Checks what a program gives for the options of a table; undefined stands for what is not given.
 * @throws UserError for a name that is no option, and for the first value that its option does not take.
 */
export function checkGiven<Table extends OptionTable>(table: Table, given: object): Given<Table> {
  const checked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(table, name)) {
      const names = Object.keys(table);
      throw new UserError(`every option must be a known one, but got '${name}'; ${likely(name, names)}`);
    }
    if (value !== undefined) checked[name] = table[name].check(flagOf(name), value);
  }
  return checked as Given<Table>;
}

function common<Value, R extends Role>(spec: Described<Value, R>) {
  return {
    describe: spec.describe,
    group: spec.group,
    // Left out where it is `session`.
    role: spec.role ?? ('session' as R),
    default: spec.default,
    defaultInWords: spec.defaultInWords,
    alone: spec.alone,
    words: [] as readonly string[],
  };
}
