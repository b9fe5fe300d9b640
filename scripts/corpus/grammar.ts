import type { Dice } from './dice.js';
import { polish, repeatsItself, stammers } from './typeset.js';

/** Word and phrase lists by the name that templates call them; an entry may be a template itself. */
export type Lexicon = ReadonlyMap<string, readonly string[]>;

/** What a template may name: fixed values such as `A.he` or `place`, which win over the lexicon. */
export type Bindings = ReadonlyMap<string, string>;

/**
 * Expands templates.
 *
 * - `{grey|old}` is one of the choices, which may nest; an empty choice is allowed.
 * - `[thing]` is the bound value of that name, or else a card drawn from that list of the lexicon.
 * - `[thing#x]` also remembers the outcome under x, for `[#x]` later in the same template.
 * - `[deed@B]` expands the list with B as the subject: in it, `[S.his]` is what `[B.his]` is. The subject is else the
 *   bound value of `subject`, or A.
 */
export class Grammar {
  readonly #dice: Dice;
  readonly #lexicon: Lexicon;

  constructor(dice: Dice, lexicon: Lexicon) {
    this.#dice = dice;
    this.#lexicon = lexicon;
  }

  /** Finished sentences from a template: articles, capitals and spaces in order, and no word said twice by accident. */
  sentence(template: string, bindings: Bindings): string {
    for (let attempt = 1; attempt <= 100; attempt++) {
      const text = polish(this.expand(template, bindings));
      const patient = attempt <= 40;
      if (!stammers(text) && !(patient && repeatsItself(text))) return text;
    }
    throw new Error(`Every expansion says a word twice: ${template}`);
  }

  /** The raw expansion of a template. */
  expand(template: string, bindings: Bindings): string {
    return this.#expand(template, { bindings, memory: new Map(), subject: bindings.get('subject') ?? 'A' });
  }

  #expand(template: string, scope: Scope): string {
    let rest = template;
    for (let open = /[{[]/.exec(rest); open !== null; open = /[{[]/.exec(rest)) {
      const end = closing(rest, open.index);
      const inner = rest.slice(open.index + 1, end);
      const value =
        open[0] === '{' ? this.#expand(this.#dice.pick(choices(inner)), scope) : this.#resolve(inner, scope);
      rest = rest.slice(0, open.index) + value + rest.slice(end + 1);
    }
    return rest;
  }

  #resolve(reference: string, scope: Scope): string {
    const [call = '', label] = reference.split('#');
    if (call === '' && label !== undefined) return known(scope.memory.get(label), reference);
    const [name = '', subject = scope.subject] = call.split('@');
    const value = this.#lookUp(name.replace(/^S(?=$|\.)/, subject), { ...scope, subject });
    if (label !== undefined) scope.memory.set(label, value);
    return value;
  }

  #lookUp(name: string, scope: Scope): string {
    const bound = scope.bindings.get(name);
    if (bound !== undefined) return bound;
    const list = this.#lexicon.get(name);
    if (list === undefined) throw new Error(`A template names [${name}], which is neither bound nor in the lexicon`);
    return this.#expand(this.#dice.draw(list), scope);
  }
}

interface Scope {
  readonly bindings: Bindings;
  readonly memory: Map<string, string>;
  readonly subject: string;
}

function known(value: string | undefined, reference: string): string {
  if (value === undefined) throw new Error(`A template recalls [${reference}] before it was drawn`);
  return value;
}

/** The index of the bracket that closes the one at `open`. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{' || text[at] === '[') depth++;
    if (text[at] === '}' || text[at] === ']') depth--;
    if (depth === 0) return at;
  }
  throw new Error(`A template leaves a bracket open: ${text}`);
}

/** Splits at the bars that stand outside inner brackets. */
function choices(inner: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const char of inner) {
    if (char === '{' || char === '[') depth++;
    if (char === '}' || char === ']') depth--;
    if (char === '|' && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts;
}
