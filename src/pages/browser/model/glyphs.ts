import { printableLine } from '../../../format/printable.js';

/** Marks that go over the character before them, and what such a character may be. */
const MARK = /^\p{M}/u;
const BASE = /[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

/**
 * How a character is shown in a text: a line break as an arrow before it, what is invisible or turns text around as its
 * code, a mark that has nothing to go over on a dotted circle.
 */
export function shownInText(character: string, before: string): string {
  if (character === '\n') return '↵\n';
  if (character === '\t') return character;
  if (MARK.test(character)) return BASE.test(before) ? character : `◌${character}`;
  return printableLine(character);
}

/** How a character is shown alone. */
export function shownAlone(character: string): string {
  if (character === '\n') return '↵';
  if (character === ' ') return '␣';
  if (character === '\t') return '⇥';
  return MARK.test(character) ? `◌${character}` : printableLine(character);
}

/** A character as a voice says it. */
export function spoken(character: string): string {
  if (character === '\n') return 'line break';
  return character === ' ' ? 'space' : shownAlone(character);
}
