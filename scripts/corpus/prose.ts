import type { Bindings } from './grammar.js';
import { bindPerson, castOf, SPEECH_BINDINGS } from './people.js';
import { bindTopic, type Desk, narrate, NOTHING } from './story.js';
import { exchange } from './talk.js';
import * as narration from './text/narration.js';
import { wrap } from './typeset.js';

/** A short tale: two to four paragraphs about the same two people, one thing and one place. */
export function tale(desk: Desk): string {
  const bindings = storyBindings(desk);
  const paragraphs = [opening(desk, bindings), ...meeting(desk, bindings)];
  if (desk.dice.chance(60)) paragraphs.push(musing(desk, bindings));
  paragraphs.push(ending(desk, bindings));
  return paragraphs.map((paragraph) => wrap(paragraph)).join('\n\n');
}

function storyBindings(desk: Desk): Bindings {
  const people = Object.entries(castOf(desk.dice)).flatMap(([letter, person]) => bindPerson(letter, person));
  return new Map([...people, ...bindTopic(desk), ...SPEECH_BINDINGS, ['place', desk.grammar.expand('[at]', NOTHING)]]);
}

function opening(desk: Desk, bindings: Bindings): string {
  const sentences = [narration.OPENINGS, narration.SETTINGS, ...repeat(narration.ACTIONS, desk.dice.int(2, 4))];
  return narrate(desk, sentences, bindings);
}

function musing(desk: Desk, bindings: Bindings): string {
  const { ACTIONS, MEMORIES, REFLECTIONS, SETTINGS } = narration;
  const middle = desk.dice.shuffle([ACTIONS, REFLECTIONS, ACTIONS]);
  return narrate(desk, [desk.dice.pick([SETTINGS, MEMORIES]), ...middle], bindings);
}

function ending(desk: Desk, bindings: Bindings): string {
  const { ACTIONS, ENDINGS, REFLECTIONS } = narration;
  return narrate(desk, [...repeat(ACTIONS, desk.dice.int(1, 2)), REFLECTIONS, ENDINGS], bindings);
}

/** The other one comes in and the two talk, each line of speech a paragraph of its own. */
function meeting(desk: Desk, bindings: Bindings): string[] {
  const { MEETINGS, MEMORIES, SPOKEN_FIRST, SPOKEN_REPLY } = narration;
  const arrival = narrate(desk, desk.dice.chance(50) ? [MEMORIES, MEETINGS] : [MEETINGS], bindings);
  const lines = exchange(desk, bindings, { X: 'B', Y: 'A' });
  const spoken = lines.map((line, at) => {
    const tags = at % 2 === 0 ? SPOKEN_FIRST : SPOKEN_REPLY;
    return narrate(desk, [tags], new Map([...bindings, ...bindLine(desk, line, at)]));
  });
  return [arrival, ...spoken];
}

/** The line as the tags name it; a verb of speech by its mark and by whether it answers. */
function bindLine({ grammar }: Desk, line: string, at: number): [string, string][] {
  const verb = line.endsWith('?')
    ? '[ask:past]'
    : line.endsWith('!')
      ? '[cry:past]'
      : at > 0
        ? '[reply:past]'
        : '[say:past]';
  return [
    ['line.', line],
    ['line,', line.replace(/\.$/, ',')],
    ['tag', grammar.expand(verb, NOTHING)],
  ];
}

function repeat<T>(value: T, times: number): T[] {
  return Array.from({ length: times }, () => value);
}
