/** A property of the characters of a text: a class (levels 0 and 1) or a position (more levels). */
export interface Feature {
  /** What completes "high ...". */
  readonly name: string;
  /** How many levels there are. */
  readonly levels: number;
  /** The level of each character, (T). */
  readonly values: Uint8Array;
}

/** Levels of a position: beyond the last, all are alike. */
const POSITIONS = 16;

/** Characters of a line that are one level. */
const COLUMNS = 4;

/** A character and what stands around it. */
interface Place {
  readonly character: string;
  /** The one before; a line end at the start of the text. */
  readonly before: string;
  readonly isInQuotes: boolean;
  readonly isInBrackets: boolean;
  readonly isInName: boolean;
  /** Characters between it and the start of its line, and, of a letter, of its word. */
  readonly column: number;
  readonly letter: number;
}

const isLetter = (character: string) => /\p{L}/u.test(character);
const is = (pattern: RegExp) => (place: Place) => Number(pattern.test(place.character));

/** What the level of a character is, after it has been read. */
const FEATURES: readonly { readonly name: string; readonly levels: number; of(place: Place): number }[] = [
  { name: 'inside quotes', levels: 2, of: ({ isInQuotes }) => Number(isInQuotes) },
  { name: 'inside brackets', levels: 2, of: ({ isInBrackets }) => Number(isInBrackets) },
  { name: 'in a speaker’s name', levels: 2, of: ({ isInName }) => Number(isInName) },
  { name: 'at line breaks', levels: 2, of: is(/\n/) },
  {
    name: 'at line starts',
    levels: 2,
    of: ({ character, before }) => Number(before === '\n' && character !== '\n'),
  },
  {
    name: 'at word starts',
    levels: 2,
    of: ({ character, before }) => Number(isLetter(character) && !isLetter(before)),
  },
  { name: 'on spaces', levels: 2, of: is(/ /) },
  { name: 'on capitals', levels: 2, of: is(/\p{Lu}/u) },
  { name: 'on vowels', levels: 2, of: is(/[aeiou]/i) },
  { name: 'on digits', levels: 2, of: is(/\p{Nd}/u) },
  { name: 'on punctuation', levels: 2, of: is(/\p{P}/u) },
  { name: 'late in a line', levels: POSITIONS, of: ({ column }) => Math.floor(column / COLUMNS) },
  { name: 'late in a word', levels: POSITIONS, of: ({ letter }) => letter },
];

/** The features of a text. @param characters one string a symbol. */
export function featuresOf(characters: readonly string[]): Feature[] {
  const features = FEATURES.map(({ name, levels }) => ({ name, levels, values: new Uint8Array(characters.length) }));
  let at = 0;
  for (const place of placesOf(characters)) {
    features.forEach(({ values, levels }, i) => (values[at] = Math.min(levels - 1, FEATURES[i].of(place))));
    at++;
  }
  return features;
}

function* placesOf(characters: readonly string[]): Generator<Place> {
  const names = namesIn(characters);
  let [before, isInQuotes, depth, column, letter] = ['\n', false, 0, -1, 0];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at];
    column = before === '\n' ? 0 : column + 1;
    letter = isLetter(character) ? letter + 1 : 0;
    // A paragraph's end closes what was left open.
    if (character === '\n' && before === '\n') [isInQuotes, depth] = [false, 0];
    if (character === '"') isInQuotes = !isInQuotes;
    if (/[“”]/.test(character)) isInQuotes = character === '“';
    if (/[([{]/.test(character)) depth++;
    if (/[)\]}]/.test(character)) depth = Math.max(0, depth - 1);
    yield { character, before, isInQuotes, isInBrackets: depth > 0, isInName: names[at] === 1, column, letter };
    before = character;
  }
}

/** The longest name of a speaker. */
const LONGEST_NAME = 40;

/** 1 for each character of a speaker's name: it begins a paragraph, and a colon ends it and the line. */
function namesIn(characters: readonly string[]): Uint8Array {
  const names = new Uint8Array(characters.length);
  for (let from = 0; from < characters.length; from++) {
    const begins = from === 0 || (characters[from - 1] === '\n' && (from === 1 || characters[from - 2] === '\n'));
    if (!begins || !/\p{L}/u.test(characters[from])) continue;
    let end = from;
    while (end < characters.length && end - from <= LONGEST_NAME && !/[:\n]/.test(characters[end])) end++;
    if (characters[end] === ':' && characters[end + 1] === '\n') names.fill(1, from, end);
  }
  return names;
}
