import { MONTHS } from './calendar.js';
import type { Bindings } from './grammar.js';
import { bindPerson, PEOPLE, SPEECH_BINDINGS } from './people.js';
import { bindTopic, type Desk, narrate, NOTHING } from './story.js';
import * as letters from './text/letters.js';
import { ACTIONS, MEMORIES, REFLECTIONS, SETTINGS } from './text/narration.js';
import { wrap } from './typeset.js';

/** A letter: place and date, salutation, one to three paragraphs in the first person, signature. */
export function letter(desk: Desk): string {
  const { dice, grammar } = desk;
  const [writer, reader, B, Z] = dice.shuffle(PEOPLE).slice(0, 4);
  if (!writer || !reader || !B || !Z) throw new Error('A letter needs four people');
  const people = [...bindPerson('B', B), ...bindPerson('Z', Z)];
  const bindings = new Map([...people, ...bindTopic(desk), ...firstPerson(desk)]);
  const town = grammar.expand('[town]', NOTHING);
  const close = dice.chance(50) ? `${writer.first} ${writer.last}` : writer.first;
  return [
    `${town}, ${dice.int(1, 28)} ${dice.pick(MONTHS)} 18${dice.int(10, 69)}`,
    `Dear ${dice.pick([reader.first, reader.first, bindingOf(bindPerson('R', reader), 'R.title')])},`,
    ...paragraphs(desk, bindings).map((text) => wrap(text)),
    `${grammar.sentence(dice.draw(letters.SIGNATURES), bindings)}\n${close}`,
  ].join('\n\n');
}

function paragraphs(desk: Desk, bindings: Bindings): string[] {
  const plans = [
    [letters.LETTER_OPENINGS, SETTINGS, ACTIONS, ACTIONS],
    [MEMORIES, ACTIONS, REFLECTIONS, letters.LETTER_QUESTIONS],
    [letters.LETTER_QUESTIONS, ACTIONS, letters.LETTER_ENDINGS],
  ];
  const kept = desk.dice.chance(40) ? [plans[0], plans[2]] : plans;
  return kept.map((plan) => narrate(desk, plan, bindings));
}

/** The hero of the sentences is the writer: [A.He] is I. */
function firstPerson({ dice, grammar }: Desk): [string, string][] {
  return [
    ...SPEECH_BINDINGS,
    ['A', 'I'],
    ['A.he', 'I'],
    ['A.He', 'I'],
    ['A.him', 'me'],
    ['A.his', 'my'],
    ['A.His', 'My'],
    ['A.himself', 'myself'],
    ['day.number', `${dice.int(4, 20)}th`],
    ['place', grammar.expand('[at]', NOTHING)],
  ];
}

function bindingOf(pairs: readonly [string, string][], name: string): string {
  return new Map(pairs).get(name) ?? '';
}
