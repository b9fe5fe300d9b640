import fc from 'fast-check';

/** Long runs of one thing, on which a regular expression that backtracks, or recursion, comes to a stop. */
const run = fc
  .tuple(
    fc.constantFrom('1', ' ', '\n', 'a', '-', '_', '.', '[', '{"a":', '[[],', '"', '\\', '\u001b', '😀'),
    fc.constantFrom(50, 1000, 200_000),
  )
  .map(([piece, length]) => piece.repeat(Math.ceil(length / piece.length)));

const words = [
  ...[
    '',
    '-',
    '--',
    '=',
    '-1',
    '-0',
    '0',
    '1',
    '1.5',
    '.5',
    '5.',
    '1e3',
    '1e999',
    '-1e999',
    '1e-999',
    '1_000',
    '0x10',
    '+7',
  ],
  ...[
    'NaN',
    'Infinity',
    'null',
    'true',
    'false',
    'undefined',
    '[object Object]',
    '１２',
    '4294967296',
    '9007199254740992',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '__proto__.polluted',
    'constructor.prototype.x',
  ],
  ...[
    '\0',
    'a\0b',
    'a\nb',
    '\r',
    '\u001b[2J',
    '\u009b31m',
    '\u202e',
    '\u2028',
    '\ufeff',
    '\ud800',
    '\udc00x',
    '\u0007',
    'é',
    '😀',
  ],
  ...[
    '../../etc/passwd',
    '/etc/passwd',
    'C:\\x',
    '~',
    '$(id)',
    '`id`',
    '%s%n',
    "'",
    '"',
    '\\',
    '10m',
    '2h',
    '90s',
    '0s',
    'x.svg',
  ],
];

/** Text that has broken programs before, and any other. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...words), weight: 8 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 12 }), weight: 3 },
  {
    arbitrary: fc
      .tuple(fc.constantFrom('', '1', 'x', '{"a":"'), run, fc.constantFrom('', 'x', '"}'))
      .map((parts) => parts.join('')),
    weight: 1,
  },
);

/** JSON text that a reader must not trust: odd numbers, names that reach for prototypes, twice the same, deep, broken. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '1e999',
    '-1e999',
    '-0',
    '1e-400',
    '9007199254740993',
    '0.1',
    '-1',
    '01',
    'NaN',
    'Infinity',
    'null',
    'true',
    '""',
    '[]',
    '{}',
  ),
  fc.constantFrom(
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"a":1,"a":2}',
    '"\\ud800"',
    '"\\u0000"',
    '"\\u001b[2J"',
    '"\\u202e"',
  ),
  hostileText.map((text) => JSON.stringify(text)),
  fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value)),
  fc
    .tuple(fc.constantFrom('[', '{"a":', '[[],', '{"a":[],"a":'), fc.constantFrom(2, 5, 100, 30_000), fc.boolean())
    .map(nested),
  run,
);

/** Openings in each other, closed or not. */
function nested([opening, depth, closed]: [string, number, boolean]): string {
  const end = opening.startsWith('[') ? ']' : '}';
  return opening.repeat(depth) + (closed ? `0${end.repeat(depth)}` : '');
}

// Bounded, so that the search takes no longer than a long text deserves.
const JSON_VALUE =
  /(?<=[:,[]\s?)("(?:[^"\\]|\\.){0,99}"|-?\d[\d.eE+-]*|true|false|null|\[[^[\]]{0,99}\]|\{[^{}]{0,99}\})/g;
const JSON_NAME = /"((?:[^"\\]|\\.){0,99})"(?=\s*:)/g;

/** Swaps one match of a pattern in text for another text. */
export function swapMatch(
  text: string,
  pattern: RegExp,
  index: number,
  swapped: (match: RegExpExecArray) => string,
): string {
  const matches = [...text.matchAll(pattern)];
  const match = matches[index % Math.max(matches.length, 1)];
  if (!match) return text;
  return text.slice(0, match.index) + swapped(match) + text.slice(match.index + match[0].length);
}

/** A change of JSON text that mostly leaves it JSON. */
export const jsonEdit: fc.Arbitrary<(text: string) => string> = fc.oneof(
  {
    arbitrary: fc.tuple(fc.nat(60), hostileJson).map(
      ([index, value]) =>
        (text: string) =>
          swapMatch(text, JSON_VALUE, index, () => value),
    ),
    weight: 6,
  },
  {
    arbitrary: fc.tuple(fc.nat(60), hostileText).map(
      ([index, name]) =>
        (text: string) =>
          swapMatch(text, JSON_NAME, index, () => JSON.stringify(name)),
    ),
    weight: 2,
  },
  {
    arbitrary: fc.tuple(fc.nat(60), fc.nat(60)).map(
      ([from, to]) =>
        (text: string) =>
          renamed(text, from, to),
    ),
    weight: 1,
  },
  {
    arbitrary: fc.tuple(hostileText, hostileJson).map(
      ([name, value]) =>
        (text: string) =>
          text.replace('{', () => `{${JSON.stringify(name)}:${value},`),
    ),
    weight: 2,
  },
  { arbitrary: hostileJson.map((value) => () => value), weight: 1 },
);

/** Gives one name in JSON text to another value too. */
function renamed(text: string, from: number, to: number): string {
  const names = [...text.matchAll(JSON_NAME)];
  const name = names[from % Math.max(names.length, 1)]?.[0];
  return name === undefined ? text : swapMatch(text, JSON_NAME, to, () => name);
}
