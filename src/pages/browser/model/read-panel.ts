import { formatCount } from '../../../format/numbers.js';
import { element } from '../shared/element.js';

/** Shortest time between two figures of how far a text is read, in milliseconds: each has the page drawn again. */
const EVERY_MS = 100;

/** The card in which a text is read: what it is, the view of it, and a field for another one in the same place. */
export class ReadPanel {
  readonly element: HTMLElement;
  readonly #summary = element('p', { class: 'small soft number summary', role: 'status' });
  readonly #field = element('textarea', { 'aria-label': 'Text to read', spellcheck: 'false' });
  readonly #stage: HTMLElement;
  readonly #edit = element('button', { type: 'button' }, 'Other text');
  readonly #read = element('button', { type: 'button', class: 'primary' }, 'Read');
  readonly #cancel = element('button', { type: 'button' }, 'Cancel');
  #progressAt = 0;
  /** What the field is to begin with when it is next opened; undefined: what is in it. */
  #beginning: (() => string) | undefined;

  /** @param onText called with a text that the user gives. */
  constructor(
    title: string,
    parts: { readonly colours: HTMLElement; readonly view: HTMLElement; readonly inspector: HTMLElement },
    onText: (text: string) => void,
  ) {
    this.#stage = element('div', { class: 'stage' }, parts.view, this.#field);
    const accept = () => {
      this.#toggle(false);
      onText(this.#field.value);
    };
    this.#edit.addEventListener('click', () => this.#toggle(true));
    this.#cancel.addEventListener('click', () => this.#toggle(false));
    this.#read.addEventListener('click', accept);
    this.#field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#toggle(false);
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) accept();
    });
    parts.view.addEventListener('paste', (event) => {
      const text = event.clipboardData?.getData('text/plain');
      if (text) onText(text);
    });
    this.element = element(
      'section',
      { class: 'card read', 'aria-labelledby': 'read-title' },
      element(
        'div',
        { class: 'card-head' },
        element('h2', { id: 'read-title' }, 'Read'),
        element('p', { class: 'small soft text-title' }, title),
        element('div', { class: 'buttons' }, this.#edit, this.#cancel, this.#read),
      ),
      parts.colours,
      this.#stage,
      this.#summary,
      parts.inspector,
    );
    this.#toggle(false);
  }

  /** @param text gives what the field for another text begins with. */
  begin(text: () => string): void {
    this.#beginning = text;
  }

  /** What it said of the text before is no longer true. */
  start(): void {
    this.#summary.textContent = 'reading';
    this.#progressAt = performance.now();
  }

  progress(done: number, all: number): void {
    const now = performance.now();
    if (now - this.#progressAt < EVERY_MS) return;
    this.#progressAt = now;
    this.#summary.textContent = `reading, ${formatCount(done)} of ${formatCount(all)} characters`;
  }

  /** @param nats the mean loss; @param unknown characters that were left out. */
  done(characters: number, nats: number, seconds: number, unknown: readonly string[]): void {
    const unit = (value: number, name: string) => [
      ' · ',
      element('data', { value }, value.toFixed(4)),
      ` ${name}/char`,
    ];
    const figures = Number.isNaN(nats) ? [] : [...unit(nats, 'nats'), ...unit(nats / Math.LN2, 'bits')];
    const left = unknown.length > 0 ? ` · left out, as the model does not know them: ${shortList(unknown)}` : '';
    const took = ` · read in ${seconds.toFixed(2)} s`;
    this.#summary.replaceChildren(`${formatCount(characters)} characters`, ...figures, took, left);
  }

  fail(message: string): void {
    this.#summary.textContent = message;
  }

  #toggle(isEditing: boolean): void {
    this.#stage.classList.toggle('is-editing', isEditing);
    this.#edit.hidden = isEditing;
    this.#read.hidden = this.#cancel.hidden = !isEditing;
    if (!isEditing) return;
    if (this.#beginning) {
      this.#field.value = this.#beginning();
      this.#field.setSelectionRange(0, 0);
      this.#beginning = undefined;
    }
    this.#field.focus();
  }
}

/** Names in a list that is not long. */
const NAMED = 5;

function shortList(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return names.slice(0, NAMED).join(', ') + more;
}
