import type { Dice } from './dice.js';
import type { Bindings, Grammar } from './grammar.js';

/** What a piece is written with: the chance, the grammar, and the bindings of its people, thing and place. */
export interface Desk {
  readonly dice: Dice;
  readonly grammar: Grammar;
}

/** One piece of the corpus: its lines, without the blank line that follows. */
export type Piece = (desk: Desk) => string;

/** The thing that a piece turns on, in the forms that templates name: `O`, `O.a`, `O.the`, `O.some`, `O.A`. */
export function bindTopic({ grammar }: Desk): [string, string][] {
  const adjective = grammar.expand('[look]', NOTHING);
  const noun = grammar.expand('[thing]', NOTHING);
  return [
    ['O', noun],
    ['O.a', `a ${adjective} ${noun}`],
    ['O.A', `a ${adjective} ${noun}`],
    ['O.the', `the ${noun}`],
    ['O.some', `a ${noun}`],
  ];
}

/** One paragraph: a sentence drawn from each list of templates. */
export function narrate({ dice, grammar }: Desk, lists: readonly (readonly string[])[], bindings: Bindings): string {
  return lists.map((templates) => grammar.sentence(dice.draw(templates), bindings)).join(' ');
}

/** Bindings for a template that names only lists of the lexicon. */
export const NOTHING: Bindings = new Map();
