import type { Dice } from './dice.js';

/** A person of the town. */
export interface Person {
  readonly first: string;
  readonly last: string;
  readonly pronoun: 'he' | 'she';
  /** What the town calls him or her: the lamplighter. */
  readonly role: string;
}

/** The people whose names the pieces share. */
export const PEOPLE: readonly Person[] = [
  he('Orrin', 'Tallow', 'the lamplighter'),
  he('Dunstan', 'Marl', 'the ferryman'),
  he('Josias', 'Pell', 'the miller'),
  he('Wilmot', 'Crake', 'the harbour master'),
  he('Bram', 'Ketterick', 'the cooper'),
  he('Ansel', 'Fenn', 'the clockmaker'),
  he('Garrick', 'Voss', 'the pilot'),
  he('Tobias', 'Yarrow', 'the apprentice'),
  he('Lucan', 'Zeal', 'the tax collector'),
  he('Hobb', 'Underhill', 'the carter'),
  he('Quillan', 'Dray', 'the schoolmaster'),
  he('Perrin', 'Oakes', 'the bell ringer'),
  he('Edric', 'Sallow', 'the fiddler'),
  he('Kester', 'Inch', 'the netmaker'),
  she('Hesper', 'Quine', 'the widow'),
  she('Maud', 'Larkin', 'the baker'),
  she('Tamsin', 'Rooke', 'the sailmaker'),
  she('Nell', 'Ashby', 'the innkeeper'),
  she('Isolde', 'Wren', 'the doctor'),
  she('Corra', 'Bexley', 'the fishwife'),
  she('Vera', 'Thistle', 'the herb woman'),
  she('Una', 'Grist', "the miller's daughter"),
  she('Philippa', 'Stroud', 'the postmistress'),
  she('Agnes', 'Holloway', 'the chandler'),
  she('Ruth', 'Jessop', 'the ropemaker'),
  she('Fern', 'Ellery', 'the goose girl'),
  she('Ottilie', 'Nash', 'the weaver'),
  she('Damaris', 'Eddy', 'the lighthouse keeper'),
];

/** A cast under the letters of the templates: A and B differ in pronoun, so that he and she point to one of them. */
export function castOf(dice: Dice): { A: Person; B: Person; Z: Person } {
  const A = dice.draw(PEOPLE);
  const B = dice.pick(PEOPLE.filter((person) => person.pronoun !== A.pronoun));
  const Z = dice.pick(PEOPLE.filter((person) => person !== A && person !== B));
  return { A, B, Z };
}

/** The bindings of one person under a letter: `A`, `A.full`, `A.role`, `A.he`, `A.His` and so on. */
export function bindPerson(letter: string, person: Person): [string, string][] {
  const [him, his] = person.pronoun === 'he' ? ['him', 'his'] : ['her', 'her'];
  const forms: [string, string][] = [
    ['', person.first],
    ['.full', `${person.first} ${person.last}`],
    ['.last', person.last],
    ['.title', `${person.pronoun === 'he' ? 'Master' : 'Mistress'} ${person.last}`],
    ['.role', person.role],
    ['.he', person.pronoun],
    ['.He', person.pronoun === 'he' ? 'He' : 'She'],
    ['.him', him],
    ['.his', his],
    ['.His', person.pronoun === 'he' ? 'His' : 'Her'],
    ['.himself', `${him}self`],
    ['.man', person.pronoun === 'he' ? 'man' : 'woman'],
  ];
  return forms.map(([suffix, value]) => [letter + suffix, value]);
}

/** Bindings for the speaker of a line or letter (I), the one spoken to (U), both (W), and no one in particular (N). */
export const SPEECH_BINDINGS: readonly [string, string][] = [
  ...pronouns('I', ['I', 'me', 'my', 'myself']),
  ...pronouns('U', ['you', 'you', 'your', 'yourself']),
  ...pronouns('W', ['we', 'us', 'our', 'ourselves']),
  ...pronouns('N', ['they', 'them', 'the', 'themselves']),
];

function pronouns(
  letter: string,
  [nominative, him, his, himself]: [string, string, string, string],
): [string, string][] {
  return [
    [`${letter}.he`, nominative],
    [`${letter}.him`, him],
    [`${letter}.his`, his],
    [`${letter}.himself`, himself],
  ];
}

function he(first: string, last: string, role: string): Person {
  return { first, last, pronoun: 'he', role };
}

function she(first: string, last: string, role: string): Person {
  return { first, last, pronoun: 'she', role };
}
