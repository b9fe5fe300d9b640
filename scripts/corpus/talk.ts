import type { Bindings } from './grammar.js';
import type { Desk } from './story.js';
import { EXCHANGES } from './text/talk.js';

/** Who speaks the lines of an exchange: the letters of two people among the bindings. */
export interface Speakers {
  readonly X: string;
  readonly Y: string;
}

/** Two or more finished utterances on one subject, spoken in turn by X and Y. */
export function exchange(desk: Desk, bindings: Bindings, speakers: Speakers): string[] {
  const named = new Map([...bindings, ...alias(bindings, 'X', speakers.X), ...alias(bindings, 'Y', speakers.Y)]);
  const text = desk.grammar.sentence(desk.dice.draw(EXCHANGES), named.set('subject', 'I'));
  return text.split('||').map((line) => desk.grammar.sentence(line, named));
}

/** All bindings of one letter again under another. */
function alias(bindings: Bindings, to: string, from: string): [string, string][] {
  return [...bindings].flatMap(([name, value]) => {
    const suffix = name === from ? '' : name.startsWith(`${from}.`) ? name.slice(from.length) : undefined;
    return suffix === undefined ? [] : [[to + suffix, value]];
  });
}
