import type { Bindings } from './grammar.js';
import { bindPerson, PEOPLE, SPEECH_BINDINGS, type Person } from './people.js';
import { spotOf } from './lexicon.js';
import { bindTopic, NOTHING, type Desk } from './story.js';
import { exchange } from './talk.js';
import { CURTAINS, DIRECTIONS, STAGES } from './text/talk.js';
import { capitalise, wrap } from './typeset.js';

/** A play-like scene: a heading, stage directions in brackets, and lines that start with the speaker in capitals. */
export function scene(desk: Desk): string {
  const [A, B, C, Z] = desk.dice.shuffle(PEOPLE).slice(0, 4);
  if (!A || !B || !C || !Z) throw new Error('A scene needs four people');
  const cast = { A, B, C, Z };
  const bindings = sceneBindings(desk, cast);
  const blocks = [heading(desk, bindings), direction(desk, STAGES, bindings)];
  let last: Letter | undefined;
  for (let left = desk.dice.int(3, 5); left > 0; left--) {
    const speakers = nextSpeakers(desk, last);
    const lines = exchange(desk, bindings, speakers);
    blocks.push(...lines.map((line, at) => speech(cast[at % 2 === 0 ? speakers.X : speakers.Y], line)));
    last = lines.length % 2 === 0 ? speakers.Y : speakers.X;
    if (left > 1 && desk.dice.chance(35)) blocks.push(direction(desk, DIRECTIONS, bindings));
  }
  if (desk.dice.chance(50)) blocks.push(direction(desk, CURTAINS, bindings));
  return blocks.join('\n');
}

const ON_STAGE = ['A', 'B', 'C'] as const;

type Letter = (typeof ON_STAGE)[number];

type Cast = Readonly<Record<Letter | 'Z', Person>>;

function sceneBindings(desk: Desk, cast: Cast): Bindings {
  const people = Object.entries(cast).flatMap(([letter, person]) => bindPerson(letter, person));
  return new Map([...people, ...bindTopic(desk), ...SPEECH_BINDINGS, ['place', desk.grammar.expand('[at]', NOTHING)]]);
}

function heading({ grammar }: Desk, bindings: Bindings): string {
  const spot = capitalise(spotOf(bindings.get('place') ?? ''));
  return `SCENE. ${spot}. ${grammar.sentence('[weather.now].', NOTHING)}\n`;
}

function direction({ dice, grammar }: Desk, templates: readonly string[], bindings: Bindings): string {
  return wrap(`[${grammar.sentence(`${dice.draw(templates)}.`, bindings)}]`);
}

/** Two of the three on stage; whoever spoke last does not begin. */
function nextSpeakers({ dice }: Desk, last: Letter | undefined): { X: Letter; Y: Letter } {
  const X = dice.pick(ON_STAGE.filter((letter) => letter !== last));
  return { X, Y: dice.pick(ON_STAGE.filter((letter) => letter !== X)) };
}

function speech(speaker: Person, line: string): string {
  return wrap(`${speaker.first.toUpperCase()}: ${line}`, '  ');
}
