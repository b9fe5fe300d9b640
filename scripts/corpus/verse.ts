import type { Dice } from './dice.js';
import { Grammar, type Lexicon } from './grammar.js';
import type { Desk } from './story.js';
import { polish, repeatsItself, stammers } from './typeset.js';
import { LONG_LINES, RHYMES, SHORT_LINES, VERSE_WORDS } from './words/verse.js';

/** Syllables of the lines of one stanza of common metre. */
export const COMMON_METRE = [8, 6, 8, 6] as const;

/** A song: a title in capitals and stanzas of common metre; some come back to the same last line. */
export function song(desk: Desk): string {
  const poet = new Poet(desk.dice);
  const refrain = desk.dice.chance(40) ? poet.ending() : undefined;
  const stanzas = Array.from({ length: desk.dice.int(3, 5) }, () => poet.stanza(refrain));
  return [poet.title(), ...stanzas.map((lines) => lines.map(printed).join('\n'))].join('\n\n');
}

/** A rhyme in couplets of eight syllables each. */
export function couplets(desk: Desk): string {
  const poet = new Poet(desk.dice);
  const pairs = Array.from({ length: desk.dice.int(3, 6) }, () => poet.couplet());
  return [poet.title(), pairs.flat().map(printed).join('\n')].join('\n\n');
}

/** The syllables of a marked line: hyphens part those of one word. */
export function syllables(marked: string): number {
  return marked.split(/[ -]/).length;
}

/** The last line of each stanza of a song with a refrain, and its rhymes. */
interface Ending {
  readonly line: string;
  readonly rhymes: readonly string[];
}

/** Writes lines with their syllables still marked. */
export class Poet {
  readonly #dice: Dice;
  readonly #grammar: Grammar;
  readonly #hero: string;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#grammar = new Grammar(dice, VERSE_LEXICON);
    this.#hero = this.#grammar.expand('[doer]', new Map());
  }

  /** The title names the hero of the lines. */
  title(): string {
    return unmarked(this.#grammar.expand(`the [trait] ${this.#hero}`, new Map())).toUpperCase();
  }

  /** A last line for stanzas, with the words that rhyme with it. */
  ending(): Ending {
    const rhymes = this.#dice.shuffle(this.#dice.draw(RHYMES));
    return { line: this.#line(SHORT_LINES, rhymes.pop()), rhymes };
  }

  /** Four lines of {@link COMMON_METRE}; the second rhymes with the fourth, mostly also the first with the third. */
  stanza({ line, rhymes } = this.ending()): string[] {
    const outer = this.#dice.shuffle(this.#dice.draw(RHYMES));
    const other = this.#dice.chance(65) ? outer : this.#dice.shuffle(this.#dice.draw(RHYMES));
    const stop = this.#dice.pick([';', ',', '.', ':']);
    return [
      ...sentence(this.#line(LONG_LINES, outer.pop()), this.#line(SHORT_LINES, this.#dice.pick(rhymes)), stop),
      ...sentence(this.#line(LONG_LINES, other.pop()), line, '.'),
    ];
  }

  /** Two lines of eight syllables that rhyme. */
  couplet(): string[] {
    const rhymes = this.#dice.shuffle(this.#dice.draw(RHYMES));
    return sentence(this.#line(LONG_LINES, rhymes.pop()), this.#line(LONG_LINES, rhymes.pop()), '.');
  }

  #line(patterns: readonly string[], rhyme = ''): string {
    const bindings = new Map([
      ['R', rhyme],
      ['hero', this.#hero],
    ]);
    for (;;) {
      const line = polish(this.#grammar.expand(this.#dice.draw(patterns), bindings));
      const plain = unmarked(line);
      const words = plain.split(/\W+/);
      const clean = !stammers(plain) && !repeatsItself(plain) && words.indexOf(rhyme) === words.length - 1;
      if (clean) return scanned(line, patterns);
    }
  }
}

const VERSE_LEXICON: Lexicon = new Map(Object.entries(VERSE_WORDS));

/** Throws where a pattern or a word is marked wrong, so that a line has a syllable too many or too few. */
function scanned(line: string, patterns: readonly string[]): string {
  const wanted = patterns === LONG_LINES ? COMMON_METRE[0] : COMMON_METRE[1];
  if (syllables(line) !== wanted) throw new Error(`A line of ${syllables(line)} syllables, not ${wanted}: ${line}`);
  return line;
}

/** Two lines that are read as one sentence; a question has its own mark. */
function sentence(first: string, second: string, stop: string): string[] {
  return [`${first},`, second + (/^Who /.test(first) || /^Who /.test(second) ? '?' : stop)];
}

function unmarked(line: string): string {
  return line.replaceAll('-', '');
}

/** The line as it stands on the page: unmarked, the shorter lines of a stanza set in. */
function printed(line: string): string {
  return (syllables(line) < 8 ? '  ' : '') + unmarked(line);
}
