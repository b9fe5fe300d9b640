import { UserError } from '../errors.js';
import { type Option, text } from './option.js';

/** When to save besides at the end: every so many steps, or so many seconds of training; 0 for never. */
export interface SaveInterval {
  steps: number;
  seconds: number;
}

const UNITS = { s: 1, m: 60, h: 3600 } as const;

/** Reads 500 (steps), 90s, 10m or 2h; undefined for what is no interval. */
export function parseInterval(word: string): SaveInterval | undefined {
  const [, digits = '', unit] = /^(\d+)([smh]?)$/.exec(word) ?? [];
  const value = Number(digits);
  if (!Number.isSafeInteger(value) || value < 1) return undefined;
  if (unit === 's' || unit === 'm' || unit === 'h') return { steps: 0, seconds: value * UNITS[unit] };
  return { steps: value, seconds: 0 };
}

/** An option that takes an interval between saves, as it is written. */
export function saveInterval(spec: { group: string; describe: string }): Option<string, 'session'> {
  const rule = 'a whole number of steps such as 500, or of time such as 90s, 10m or 2h';
  const parse = (name: string, word: string): string => {
    if (parseInterval(word) !== undefined) return word;
    throw new UserError(`${name} must be ${rule}, but got '${word}'; give one of these`);
  };
  return {
    ...text(spec),
    rule,
    accepts: (value): value is string => typeof value === 'string' && parseInterval(value) !== undefined,
    parse,
    check: (name, value) => parse(name, String(value)),
  };
}
