import type { Lexicon } from './grammar.js';
import { conjugate, plural, singular } from './inflect.js';
import { PHRASES } from './text/phrases.js';
import { FREQUENCIES, LOOKS, MANNERS, NUMBERS, SKIES, SPANS, TEMPERS, TIMES } from './words/describers.js';
import * as nouns from './words/nouns.js';
import { PLACES, WEATHERS, WEATHERS_NOW } from './words/places.js';
import { ASK, CHORES, CRY, GAZE, HANDLE, MOVE, NOTICE, REPLY, SAY, STAY, STIR } from './words/verbs.js';

/** Every list that templates can call: nouns with their plurals, verbs in five forms, places, phrases. */
export function makeLexicon(): Lexicon {
  return new Map([
    ...countable('thing', nouns.THINGS),
    ...countable('fixture', nouns.FIXTURES),
    ...countable('creature', nouns.CREATURES),
    ...countable('trade', nouns.TRADES),
    ...countable('kin', nouns.KIN),
    ...countable('garment', nouns.GARMENTS),
    ...countable('plant', nouns.PLANTS),
    ...verbs('handle', HANDLE),
    ...verbs('chore', CHORES),
    ...verbs('move', MOVE),
    ...verbs('stay', STAY),
    ...verbs('say', SAY),
    ...verbs('ask', ASK),
    ...verbs('reply', REPLY),
    ...verbs('cry', CRY),
    ...verbs('notice', NOTICE),
    ...verbs('gaze', GAZE),
    ...verbs('stir', STIR),
    ...plainLists(),
    ...placeLists(),
    ...Object.entries(PHRASES),
  ]);
}

type Entry = [string, readonly string[]];

function countable(name: string, rows: readonly string[]): Entry[] {
  return [
    [name, rows.map(singular)],
    [`${name}s`, rows.map(plural)],
  ];
}

function verbs(name: string, rows: readonly string[]): Entry[] {
  const forms = rows.map(conjugate);
  return (['base', 's', 'past', 'pp', 'ing'] as const).map((form) => [
    `${name}:${form}`,
    forms.map((verb) => verb[form]),
  ]);
}

function plainLists(): Entry[] {
  return [
    ['notion', nouns.NOTIONS],
    ['food', nouns.FOODS],
    ['goods', nouns.GOODS],
    ['smell', nouns.SMELLS],
    ['sound', nouns.SOUNDS],
    ['boat', nouns.BOATS],
    ['town', nouns.FAR_TOWNS],
    ['feature', nouns.FEATURES],
    ['look', LOOKS],
    ['temper', TEMPERS],
    ['sky', SKIES],
    ['manner', MANNERS],
    ['often', FREQUENCIES],
    ['time', TIMES],
    ['number', NUMBERS],
    ['span', SPANS],
    ['weather', WEATHERS],
    ['weather.now', WEATHERS_NOW],
  ];
}

/** `at`: on the quay; `spot`: the quay. */
function placeLists(): Entry[] {
  return [
    ['at', PLACES],
    ['spot', PLACES.map(spotOf)],
  ];
}

/** The place without its preposition: `on the quay` is the quay. */
export function spotOf(place: string): string {
  return place.replace(/^\w+ /, '');
}
