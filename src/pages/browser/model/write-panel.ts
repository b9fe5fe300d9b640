import { element } from '../shared/element.js';
import type { WriteOptions } from './messages.js';

/** A field of the form; all but the prime are numbers. */
interface Field {
  readonly name: 'prime' | 'length' | 'temperature' | 'topK' | 'topP' | 'seed';
  readonly label: string;
  readonly attributes: Readonly<Record<string, string | number>>;
}

const FIELDS: readonly Field[] = [
  {
    name: 'prime',
    label: 'Begin after',
    attributes: { type: 'text', placeholder: 'a line break', autocomplete: 'off' },
  },
  { name: 'length', label: 'Length', attributes: { type: 'number', min: 1, max: 100_000, step: 1, value: 1000 } },
  {
    name: 'temperature',
    label: 'Temperature',
    attributes: { type: 'number', min: 0.01, max: 10, step: 'any', value: 1 },
  },
  { name: 'topK', label: 'Top-k', attributes: { type: 'number', min: 0, step: 1, value: 0 } },
  { name: 'topP', label: 'Top-p', attributes: { type: 'number', min: 0.01, max: 1, step: 'any', value: 1 } },
  { name: 'seed', label: 'Seed', attributes: { type: 'number', min: 0, max: 0xffffffff, step: 1, value: 42 } },
];

/** What the panel asks for. */
export interface WriteActions {
  readonly onWrite: (options: WriteOptions) => void;
  readonly onStop: () => void;
  /** What has been written, and how many characters that is: long texts are put together only to be copied. */
  readonly written: () => string;
  readonly writtenLength: () => number;
}

/** The card in which the model writes. */
export class WritePanel {
  readonly element: HTMLElement;
  readonly #inputs = new Map(
    // An empty field of a number would be none.
    FIELDS.map(({ name, attributes }) => [
      name,
      element('input', { id: name, required: attributes.type === 'number', ...attributes }),
    ]),
  );
  readonly #form = element('form', { class: 'fields' });
  readonly #write = element('button', { type: 'submit', class: 'primary' }, 'Write');
  readonly #stop = element('button', { type: 'button', disabled: true }, 'Stop');
  readonly #copy = element('button', { type: 'button', disabled: true }, 'Copy');
  readonly #status = element('p', { class: 'small soft number summary', role: 'status' });

  constructor(
    view: HTMLElement,
    readonly actions: WriteActions,
  ) {
    const fields = FIELDS.map(({ name, label }) =>
      element('div', { class: `field field-${name}` }, element('label', { for: name }, label), this.#input(name)),
    );
    this.#form.append(...fields, element('div', { class: 'buttons' }, this.#write, this.#stop, this.#copy));
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      actions.onWrite(this.#options());
    });
    this.#stop.addEventListener('click', () => actions.onStop());
    this.#copy.addEventListener('click', () => void this.#copyText());
    this.element = element(
      'section',
      { class: 'card write', 'aria-labelledby': 'write-title' },
      element('div', { class: 'card-head' }, element('h2', { id: 'write-title' }, 'Write')),
      this.#form,
      element('div', { class: 'stage' }, view),
      this.#status,
    );
  }

  /** @param status what to say; @param isWriting whether the text still grows. */
  show(status: string, isWriting: boolean): void {
    this.#status.textContent = status;
    this.#stop.disabled = !isWriting;
    this.#copy.disabled = this.actions.writtenLength() === 0;
  }

  #options(): WriteOptions {
    const [length, temperature, topK, topP, seed] = (['length', 'temperature', 'topK', 'topP', 'seed'] as const).map(
      (name) => this.#input(name).valueAsNumber,
    );
    return { prime: this.#input('prime').value, length, temperature, topK, topP, seed, greedy: false };
  }

  #input(name: Field['name']): HTMLInputElement {
    const input = this.#inputs.get(name);
    if (!input) throw new Error(`no field ${name}`);
    return input;
  }

  async #copyText(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.actions.written());
      this.#status.textContent = 'copied';
    } catch (error) {
      this.#status.textContent = `the browser refused to copy: ${String(error)}`;
    }
  }
}
