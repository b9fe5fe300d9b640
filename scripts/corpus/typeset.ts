/** The widest line of wrapped text, in characters. */
export const LINE_WIDTH = 72;

/** Breaks a paragraph into lines of at most {@link LINE_WIDTH}; the first starts with `lead`, the others with `indent`. */
export function wrap(paragraph: string, indent = '', lead = ''): string {
  const lines: string[] = [];
  const [first = '', ...rest] = paragraph.split(' ');
  let line = lead + first;
  for (const word of rest) {
    if (line.length + 1 + word.length > LINE_WIDTH) {
      lines.push(line);
      line = indent + word;
    } else {
      line = `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}

/** Upper case for the first letter of the text, also behind an opening quotation mark. */
export function capitalise(text: string): string {
  return text.replace(/^(["'[]*)([a-z])/, (_all, marks: string, letter: string) => marks + letter.toUpperCase());
}

/** Finishes running text: single spaces, a or an by the next word, capitals at the start of each sentence. */
export function polish(text: string): string {
  const spaced = text
    .replace(/ {2,}/g, ' ')
    .replace(/ ([.,;:?!])/g, '$1')
    .trim();
  const articled = spaced.replace(/\b([Aa]) (?=(\w+))/g, (all, article: string, next: string) =>
    soundsLikeVowel(next) ? `${article}n ` : all,
  );
  return capitalise(articled).replace(
    /([.?!] )([a-z])/g,
    (_all, stop: string, letter: string) => stop + letter.toUpperCase(),
  );
}

function soundsLikeVowel(word: string): boolean {
  if (/^(one|once|us[eu]|uni|eu|ewe)/i.test(word)) return false;
  return /^([aeiou]|hour|honest|heir|8|11\b|18\b)/i.test(word);
}

/** True where a word stands twice in a row with nothing but space between. */
export function stammers(text: string): boolean {
  return /\b([a-z]+)\s+\1\b/i.test(text);
}

/** True where a longer word comes back within the same few sentences; names and the small words of grammar may. */
export function repeatsItself(text: string): boolean {
  const words = (text.match(/\b[a-z]{5,}/g) ?? []).filter((word) => !SMALL_WORDS.has(word));
  return new Set(words).size < words.length;
}

const SMALL_WORDS = new Set(
  'about after again before could every might never other should still their there these those until where which while would'.split(
    ' ',
  ),
);
