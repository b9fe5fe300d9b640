import { element } from '../shared/element.js';
import { shownInText } from './glyphs.js';

/** Characters in a block: a block in sight has an element for each of them, another one is plain text. */
const BLOCK = 256;

/** What a view asks and tells. */
export interface TextViewOptions {
  /** What the view is, for screen readers. */
  readonly label: string;
  /** The class that colours the character of a position. */
  readonly classAt: (position: number) => string;
  /** Called with the character that is pointed at. @param byKeys whether the keyboard moved there. */
  readonly onPoint: (position: number, byKeys: boolean) => void;
}

/** A text whose characters are coloured and can be pointed at, by mouse, touch and keys; only what is in sight costs. */
export class TextView {
  readonly element: HTMLElement;
  readonly #text = element('div', { class: 'text' });
  readonly #blocks: HTMLElement[] = [];
  readonly #observer: IntersectionObserver;
  readonly #characters: string[] = [];
  #cursor = 0;

  constructor(readonly options: TextViewOptions) {
    const attributes = { class: 'text-view', tabindex: 0, role: 'application', 'aria-label': options.label };
    this.element = element('div', attributes, this.#text);
    this.#observer = new IntersectionObserver((entries) => this.#look(entries), {
      root: this.element,
      rootMargin: '400px 0px',
    });
    this.#text.addEventListener('pointermove', ({ target }) => this.#point(target, false));
    this.#text.addEventListener('click', ({ target }) => this.#point(target, true));
    this.element.addEventListener('pointerleave', () => this.#tell(false));
    this.element.addEventListener('focus', () => this.#tell(false));
    this.element.addEventListener('keydown', (event) => this.#press(event));
  }

  get length(): number {
    return this.#characters.length;
  }

  /** Shows another text. */
  show(characters: readonly string[]): void {
    this.#observer.disconnect();
    this.#blocks.length = this.#characters.length = this.#cursor = 0;
    this.#text.replaceChildren();
    this.element.scrollTop = 0;
    this.append(characters);
  }

  /** Adds characters at the end, and stays there where the end was in sight. */
  append(characters: readonly string[]): void {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    const isAtEnd = this.length > 0 && scrollTop + clientHeight >= scrollHeight - 4;
    const first = Math.floor(this.length / BLOCK);
    for (const character of characters) this.#characters.push(character);
    for (let at = first; at * BLOCK < this.length; at++) {
      if (at < this.#blocks.length) {
        this.#fill(at, this.#blocks[at].classList.contains('near'));
        continue;
      }
      const block = element('span', { class: 'block', 'data-at': at });
      this.#blocks.push(block);
      this.#fill(at, false);
      this.#text.append(block);
      this.#observer.observe(block);
    }
    if (isAtEnd) this.element.scrollTop = this.element.scrollHeight;
  }

  /** Colours what is in sight again, from a position on. */
  repaint(from = 0): void {
    for (let at = Math.floor(from / BLOCK); at < this.#blocks.length; at++) {
      const { children } = this.#blocks[at];
      for (let i = 0; i < children.length; i++) children[i].className = this.#classAt(at * BLOCK + i);
    }
  }

  #look(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const at = this.#blocks.findIndex((block) => block === target);
      if (at >= 0 && target.classList.toggle('near', isIntersecting) !== target.childElementCount > 0) {
        this.#fill(at, isIntersecting);
      }
    }
  }

  /** Fills a block, with an element for each character or plainly: both look alike, so that nothing moves. */
  #fill(at: number, asElements: boolean): void {
    const from = at * BLOCK;
    const glyphs = this.#characters
      .slice(from, from + BLOCK)
      .map((character, i) => shownInText(character, this.#characters[from + i - 1] ?? '\n'));
    const spans = () => glyphs.map((glyph, i) => element('span', { class: this.#classAt(from + i) }, glyph));
    this.#blocks[at].replaceChildren(...(asElements ? spans() : [glyphs.join('')]));
  }

  #classAt(position: number): string {
    const kind = this.#characters[position] === '\n' ? 'break' : '';
    const cursor = position === this.#cursor ? 'cursor' : '';
    return [this.options.classAt(position), kind, cursor].filter((name) => name !== '').join(' ');
  }

  #point(target: EventTarget | null, isChosen: boolean): void {
    const position = target instanceof Element ? this.#positionOf(target) : undefined;
    if (position === undefined) return;
    if (isChosen) this.#move(position, false);
    else this.options.onPoint(position, false);
  }

  #positionOf(target: Element): number | undefined {
    const block = target.parentElement;
    if (!block?.classList.contains('block')) return undefined;
    return Number(block.dataset.at) * BLOCK + [...block.children].indexOf(target);
  }

  #tell(byKeys: boolean): void {
    if (this.length > 0) this.options.onPoint(this.#cursor, byKeys);
  }

  #press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || this.length === 0) return;
    const lines = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10 }[event.key];
    const to = {
      ArrowLeft: () => this.#cursor - 1,
      ArrowRight: () => this.#cursor + 1,
      Home: () => 0,
      End: () => this.length - 1,
    }[event.key];
    if (lines === undefined && to === undefined) return;
    event.preventDefault();
    this.#move(to ? to() : this.#besides(lines ?? 0), true);
  }

  /** The position some lines up or down. */
  #besides(lines: number): number {
    const span = this.#spanAt(this.#cursor);
    const { left, top, height } = span.getClientRects()[0];
    const line = parseFloat(getComputedStyle(this.#text).lineHeight);
    const by = lines * line;
    this.element.scrollTop += by > 0 ? Math.max(0, top + height + by - this.element.getBoundingClientRect().bottom) : 0;
    this.element.scrollTop += by < 0 ? Math.min(0, top + by - this.element.getBoundingClientRect().top) : 0;
    const now = span.getClientRects()[0].top;
    for (let shift = 0; shift < 40 * 12; shift += 6) {
      const under = document.elementFromPoint(Math.max(left + 2 - shift, 0), now + height / 2 + by);
      const position = under ? this.#positionOf(under) : undefined;
      if (position !== undefined && this.element.contains(under)) return position;
    }
    return lines < 0 ? 0 : this.length - 1;
  }

  #move(to: number, byKeys: boolean): void {
    const before = this.#cursor;
    this.#cursor = Math.max(0, Math.min(this.length - 1, to));
    this.#spanAt(before).className = this.#classAt(before);
    const span = this.#spanAt(this.#cursor);
    span.className = this.#classAt(this.#cursor);
    if (byKeys) span.scrollIntoView({ block: 'nearest' });
    this.#tell(byKeys);
  }

  #spanAt(position: number): Element {
    const at = Math.floor(position / BLOCK);
    if (this.#blocks[at].childElementCount === 0) this.#fill(at, true);
    return this.#blocks[at].children[position % BLOCK];
  }
}
