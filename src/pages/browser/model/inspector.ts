import { element } from '../shared/element.js';
import { shownAlone, spoken } from './glyphs.js';
import type { Candidate, Recording } from './recording.js';

/** Rows of likely symbols. */
const ROWS = 5;

/** A row for a symbol that may come next, or for the one that came. */
class Row {
  readonly element: HTMLElement;
  readonly #glyph = element('span', { class: 'glyph' });
  readonly #bar = element('span', { class: 'bar' });
  readonly #share = element('span', { class: 'number share' });

  constructor(name: string) {
    this.element = element('li', { class: name }, this.#glyph, this.#bar, this.#share);
  }

  show(character: string | undefined, probability: number, came: boolean): void {
    this.#glyph.textContent = character === undefined ? '' : shownAlone(character);
    this.#share.textContent = character === undefined ? '' : percent(probability);
    this.#bar.style.setProperty('--share', String(character === undefined ? 0 : probability));
    this.element.classList.toggle('came', came);
  }
}

/** Shows of a character what the model expected after it and what came. Its size never changes. */
export class Inspector {
  readonly element: HTMLElement;
  readonly #head = element('p', { class: 'inspector-head small' });
  readonly #rows = Array.from({ length: ROWS }, () => new Row('next'));
  readonly #came = new Row('next arrived');
  readonly #voice = element('p', { class: 'visually-hidden', 'aria-live': 'polite' });

  /** @param characterOf the character of a symbol. */
  constructor(readonly characterOf: (symbol: number) => string) {
    const rows = this.#rows.map((row) => row.element);
    const list = element('ol', { class: 'next-list', 'aria-label': 'Most likely next characters' }, ...rows);
    const came = element('ul', { class: 'next-list arrived-list', 'aria-label': 'What came' }, this.#came.element);
    this.element = element(
      'div',
      { class: 'inspector' },
      this.#head,
      element('div', { class: 'next-lists' }, list, came),
      this.#voice,
    );
    this.clear('');
  }

  /** Shows nothing but a note. */
  clear(note: string): void {
    this.#head.textContent = note;
    for (const row of [...this.#rows, this.#came]) row.show(undefined, 0, false);
  }

  /** @param position of the character; @param says whether screen readers say it. */
  show(recording: Recording, position: number, says: boolean): void {
    const next = recording.nextAt(position);
    const follower = position + 1 < recording.length ? recording.symbolAt(position + 1) : undefined;
    const probability = Math.exp(-recording.lossAt(position + 1));
    this.#rows.forEach((row, i) => {
      const { symbol, probability: p } = next.at(i) ?? { symbol: undefined, probability: 0 };
      const isKnown = i < next.length && symbol !== undefined;
      row.show(isKnown ? this.characterOf(symbol) : undefined, p, isKnown && symbol === follower);
    });
    const isJudged = follower !== undefined && !Number.isNaN(probability);
    this.#came.show(isJudged ? this.characterOf(follower) : undefined, probability, false);
    this.#head.replaceChildren(...this.#headline(recording, position));
    if (says) this.#voice.textContent = this.#sentence(recording, position, next, isJudged ? follower : undefined);
  }

  #headline(recording: Recording, position: number): (Node | string)[] {
    const before = Array.from({ length: Math.min(24, position) }, (_, i) =>
      shownAlone(this.characterOf(recording.symbolAt(position - Math.min(24, position) + i))).replace('␣', ' '),
    );
    const loss = recording.lossAt(position);
    return [
      element('span', { class: 'soft' }, 'After “…'),
      element('span', { class: 'context' }, before.join('')),
      element('b', { class: 'context here' }, shownAlone(this.characterOf(recording.symbolAt(position)))),
      element('span', { class: 'soft' }, `”${Number.isNaN(loss) ? '' : `, itself a loss of ${loss.toFixed(2)} nats`}`),
    ];
  }

  #sentence(recording: Recording, position: number, next: readonly Candidate[], follower: number | undefined): string {
    const here = spoken(this.characterOf(recording.symbolAt(position)));
    const likely = next.map(({ symbol, probability }) => `${spoken(this.characterOf(symbol))} ${percent(probability)}`);
    const came = follower === undefined ? '' : `; came ${spoken(this.characterOf(follower))}`;
    return likely.length === 0 ? here : `${here}; next ${likely.join(', ')}${came}`;
  }
}

function percent(probability: number): string {
  if (probability < 0.001) return '<0.1 %';
  return `${(100 * probability).toFixed(probability < 0.1 ? 1 : 0)} %`;
}
