import type { Options } from 'yargs';
import { flagOf, kebabCase } from '../../options/names.js';
import type { Option, OptionTable } from '../../options/option.js';

/** An option as yargs takes it: text until `coerce`, and defaults only in the description, so that given and not given can be distinguished. */
export type YargsOption = Options & {
  coerce?: (word: string) => unknown;
  /** The word that it stands for without a value. */
  alone?: string;
};

/** A table of options as yargs takes it, by the names of the command line. */
export function yargsOptions(table: OptionTable): Record<string, YargsOption> {
  return Object.fromEntries(
    Object.entries(table).map(([name, option]) => [kebabCase(name), yargsOption(flagOf(name), option)]),
  );
}

function yargsOption(flag: string, option: Option): YargsOption {
  const { kind, group } = option;
  const described = { describe: description(option), ...(group === undefined ? {} : { group }) };
  if (kind === 'flag') return { ...described, type: 'boolean', ...(option.default === true ? { default: true } : {}) };
  const alone = option.alone === undefined ? {} : { alone: option.alone };
  return { ...described, ...alone, type: 'string', coerce: (word: string) => option.parse(flag, word) };
}

/** The help of an option, with its words and its default in brackets. */
function description({ kind, describe, words, default: value, defaultInWords }: Option): string {
  if (kind === 'flag') return describe;
  const shown = defaultInWords ?? (value as string | number | undefined);
  const remarks = [words.join('|'), shown === undefined ? '' : `default ${shown}`].filter((remark) => remark !== '');
  return remarks.length === 0 ? describe : `${describe} (${remarks.join('; ')})`;
}
