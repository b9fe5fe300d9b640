import { Dice } from './dice.js';
import { Grammar } from './grammar.js';
import { makeLexicon } from './lexicon.js';
import { letter } from './letter.js';
import { tale } from './prose.js';
import { account, almanac, harbourLog, notices, recipe } from './records.js';
import { scene } from './scene.js';
import type { Desk, Piece } from './story.js';
import { couplets, song } from './verse.js';

/** The seed and the size of the committed corpus. */
export const CORPUS_DEFAULTS = {
  seed: 1853,
  /** Characters; the text ends with the piece that reaches it. */
  minLength: 440_000,
} as const;

/** One round of pieces: each kind as often as it stands here, the order shuffled again in every round. */
const ROUND: readonly Piece[] = [
  ...[tale, tale, tale, tale, tale, tale, tale],
  ...[scene, scene, scene, scene, scene, scene, scene, scene],
  ...[song, song, song, song, song, song, song, couplets, couplets, couplets],
  ...[letter, letter, letter, letter],
  ...[harbourLog, account, recipe, almanac, notices],
];

/** The whole corpus: pieces of every kind, parted by blank lines. The same options give the same bytes. */
export function makeCorpus({ seed, minLength }: { seed: number; minLength: number } = CORPUS_DEFAULTS): string {
  const dice = new Dice(seed);
  const desk: Desk = { dice, grammar: new Grammar(dice, makeLexicon()) };
  let text = '';
  while (text.length < minLength) text += `${dice.draw(ROUND)(desk)}\n\n`;
  return text.trimEnd() + '\n';
}
