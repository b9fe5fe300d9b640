import { clockTime, MONTHS, WEEKDAYS } from './calendar.js';
import { PEOPLE, SPEECH_BINDINGS } from './people.js';
import { NOTHING, type Desk } from './story.js';
import { ALMANAC_ENTRIES, LOG_ENTRIES, NOTICES, RECIPE_STEPS } from './text/records.js';
import { wrap } from './typeset.js';

/** A day in the log of the harbour master: times in order, tides, boats and their cargo. */
export function harbourLog(desk: Desk): string {
  const { dice, grammar } = desk;
  let minutes = dice.int(300, 480);
  const lines = Array.from({ length: dice.int(5, 9) }, () => {
    minutes += dice.int(7, 100);
    return wrap(
      grammar.sentence(dice.draw(LOG_ENTRIES), counts(desk)),
      ' '.repeat(7),
      `${clockTime(minutes).padStart(5)}  `,
    );
  });
  return [`HARBOUR LOG, ${dice.pick(WEEKDAYS)} ${dice.int(1, 28)} ${dice.pick(MONTHS)}`, ...lines].join('\n');
}

/** An account with prices that add up. */
export function account(desk: Desk): string {
  const { dice, grammar } = desk;
  const [buyer, seller] = dice.shuffle(PEOPLE);
  let total = 0;
  const lines = Array.from({ length: dice.int(3, 7) }, () => {
    const [amount, price] = [dice.int(2, 24), dice.int(1, 15)];
    total += amount * price;
    const goods = grammar.expand(`${amount} {pounds|sacks|barrels|bales} of [goods] at ${price}d`, NOTHING);
    return row(goods, `${amount * price}d`);
  });
  const shillings = `${Math.floor(total / 12)}s ${total % 12}d`;
  return [
    `${buyer?.first} ${buyer?.last}, in account with ${seller?.first} ${seller?.last}`,
    ...lines,
    row('Total', shillings),
  ].join('\n');
}

/** A recipe with numbered steps. */
export function recipe(desk: Desk): string {
  const { dice, grammar } = desk;
  const title = grammar.expand('[food]', NOTHING).toUpperCase();
  const steps = Array.from({ length: dice.int(3, 6) }, (_none, at) =>
    wrap(grammar.sentence(dice.draw(RECIPE_STEPS), counts(desk)), '   ', `${at + 1}. `),
  );
  return [`${title}, for ${dice.int(2, 12)}`, ...steps].join('\n');
}

/** A page of the almanac: days of one month in order, each with its weather and advice. */
export function almanac(desk: Desk): string {
  const { dice, grammar } = desk;
  const [first, start] = [dice.int(1, 6), dice.int(0, 6)];
  const lines = Array.from({ length: dice.int(5, 8) }, (_none, at) => {
    const day = first + at * 3;
    const weekday = WEEKDAYS[(start + day) % 7] ?? '';
    const text = grammar.sentence(dice.draw(ALMANAC_ENTRIES), counts(desk));
    return wrap(text, ' '.repeat(8), `${String(day).padStart(2)} ${weekday}  `);
  });
  return [`ALMANAC FOR ${dice.pick(MONTHS).toUpperCase()}`, ...lines].join('\n');
}

/** Notices on the door of the customs house. */
export function notices(desk: Desk): string {
  const { dice, grammar } = desk;
  const lines = Array.from({ length: dice.int(2, 4) }, () => {
    const { first, last } = dice.draw(PEOPLE);
    const bindings = new Map([...counts(desk), ['who', `${first} ${last}`]]);
    return wrap(grammar.sentence(dice.draw(NOTICES), bindings));
  });
  return lines.join('\n\n');
}

/** The numbers that templates name: n for a few, m for more, t for a time of day. */
function counts({ dice }: Desk): Map<string, string> {
  return new Map([
    ['n', String(dice.int(2, 12))],
    ['m', String(dice.int(13, 97))],
    ['t', clockTime(dice.int(240, 1300))],
    ['dawn', clockTime(dice.int(240, 480))],
    ['dusk', clockTime(dice.int(960, 1260))],
    ...SPEECH_BINDINGS,
    ['subject', 'N'],
  ]);
}

function row(label: string, amount: string): string {
  return label + '.'.repeat(Math.max(2, 46 - label.length - amount.length)) + amount;
}
