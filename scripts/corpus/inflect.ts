/** The forms of a verb that the templates ask for. */
export interface VerbForms {
  /** paint */
  readonly base: string;
  /** paints */
  readonly s: string;
  /** painted, held */
  readonly past: string;
  /** had painted, had held */
  readonly pp: string;
  /** painting */
  readonly ing: string;
}

/**
 * All forms of a verb. The row is `paint` for a regular verb, `hold held` where past and participle are one, and
 * `take took taken` where they are two. What follows a colon stays as it is: `put put : away`.
 */
export function conjugate(row: string): VerbForms {
  const [verb = '', tail] = row.split(' : ');
  const [base = '', past = regularPast(base), pp = past] = verb.split(' ');
  const withTail = (form: string): string => (tail === undefined ? form : `${form} ${tail}`);
  return {
    base: withTail(base),
    s: withTail(plural(base)),
    past: withTail(past),
    pp: withTail(pp),
    ing: withTail(presentParticiple(base)),
  };
}

/** The plural of a noun, or the third person of a verb: the same endings serve both. A row `knife knives` says its own. */
export function plural(row: string): string {
  const [word = '', irregular] = row.split('/');
  if (irregular !== undefined) return irregular;
  if (/(s|x|z|ch|sh|[^o]o)$/.test(word)) return `${word}es`;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return `${word}s`;
}

/** The singular of a noun row: `knife` of `knife/knives`. */
export function singular(row: string): string {
  return row.split('/')[0] ?? row;
}

function regularPast(base: string): string {
  if (base.endsWith('e')) return `${base}d`;
  if (/[^aeiou]y$/.test(base)) return `${base.slice(0, -1)}ied`;
  return `${doubled(base)}ed`;
}

function presentParticiple(base: string): string {
  if (base.endsWith('ie')) return `${base.slice(0, -2)}ying`;
  if (/[^eyo]e$/.test(base)) return `${base.slice(0, -1)}ing`;
  return `${doubled(base)}ing`;
}

/** A verb of one short syllable doubles its last letter: drop, dropped; row, rowed; open, opened. */
function doubled(base: string): string {
  const short = /^[^aeiou]*(?:qu)?[aeiou][bdgklmnprt]$/.test(base) || /(forget|begin)$/.test(base);
  return short ? base + base.slice(-1) : base;
}
