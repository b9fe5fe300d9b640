import { element } from '../shared/element.js';
import { shownInText } from './glyphs.js';

/** A block ends at the first line break after so many characters, or at the longest length in a text that has none. */
const BLOCK = 256;
const LONGEST_BLOCK = 4096;

/** Characters that are added to a text at once: more of them would keep the page from its user for too long. */
const SLICE = 10_000;

/** A stretch of the text: in sight it has an element for each character, elsewhere it is plain text. */
interface Block {
  readonly element: HTMLElement;
  readonly from: number;
  end: number;
}

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
  readonly #blocks: Block[] = [];
  readonly #blockOf = new WeakMap<Element, Block>();
  readonly #observer: IntersectionObserver;
  readonly #characters: string[] = [];
  /** Characters that are not in blocks yet. */
  #waiting: string[] = [];
  /** The frame in which they are going to be. */
  #frame: number | undefined;
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
    this.#add(characters.slice(0, SLICE));
    this.#waiting = characters.slice(SLICE);
    this.#addInFrames();
  }

  /** Adds characters at the end, all those of a frame together, and stays there where the end was in sight. */
  append(characters: readonly string[]): void {
    this.#waiting.push(...characters);
    this.#addInFrames();
  }

  /** Shows what has been added so far. */
  flush(): void {
    this.#addWaiting(this.#waiting.length);
  }

  /** Colours what is in sight again, or only that of it from one position to before another. */
  repaint(from = 0, to = Infinity): void {
    for (let at = this.#blocks.length - 1; at >= 0 && this.#blocks[at].end > from; at--) {
      const block = this.#blocks[at];
      const { children } = block.element;
      const last = Math.min(children.length, to - block.from);
      for (let i = Math.max(0, from - block.from); i < last; i++) children[i].className = this.#classAt(block.from + i);
    }
  }

  /** Adds what waits, a slice in each frame. */
  #addInFrames(): void {
    if (this.#frame !== undefined || this.#waiting.length === 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#addWaiting(SLICE);
      this.#addInFrames();
    });
  }

  #addWaiting(most: number): void {
    if (this.#waiting.length === 0) return;
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - 4;
    this.#add(this.#waiting.splice(0, most));
    if (isAtEnd) this.element.scrollTop = this.element.scrollHeight;
  }

  #add(characters: readonly string[]): void {
    let block = this.#blocks.at(-1);
    for (const character of characters) {
      if (!block || this.#isFull(block)) {
        if (block) this.#fill(block);
        block = this.#newBlock();
      }
      this.#characters.push(character);
      block.end++;
    }
    if (block) this.#fill(block);
  }

  #isFull({ from, end }: Block): boolean {
    const length = end - from;
    return length >= LONGEST_BLOCK || (length >= BLOCK && this.#characters[end - 1] === '\n');
  }

  #newBlock(): Block {
    const from = this.length;
    const block = { element: element('div', { class: 'block' }), from, end: from };
    this.#blocks.push(block);
    this.#blockOf.set(block.element, block);
    this.#text.append(block.element);
    this.#observer.observe(block.element);
    return block;
  }

  #look(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const block = this.#blockOf.get(target);
      if (block && target.classList.contains('near') !== isIntersecting) {
        target.classList.toggle('near', isIntersecting);
        this.#fill(block);
      }
    }
  }

  /** Fills a block, with an element for each character or plainly: both look alike, so that nothing moves. */
  #fill({ element: filled, from, end }: Block, asElements = filled.classList.contains('near')): void {
    const glyphs = this.#characters
      .slice(from, end)
      .map((character, i) => shownInText(character, this.#characters[from + i - 1] ?? '\n'));
    const spans = () => glyphs.map((glyph, i) => element('span', { class: this.#classAt(from + i) }, glyph));
    filled.replaceChildren(...(asElements ? spans() : [glyphs.join('')]));
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
    const block = target.parentElement ? this.#blockOf.get(target.parentElement) : undefined;
    return block && block.from + [...block.element.children].indexOf(target);
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
    let [low, high] = [0, this.#blocks.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#blocks[middle].end > position) high = middle;
      else low = middle + 1;
    }
    const block = this.#blocks[low];
    if (block.element.childElementCount === 0) this.#fill(block, true);
    return block.element.children[position - block.from];
  }
}
