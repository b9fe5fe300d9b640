/** How a list box looks to the keyboard. */
export interface ChoiceOptions {
  /** Options in a row of it. */
  readonly columns: () => number;
  /** Called when the user chooses another option. */
  readonly onChoose: (option: number) => void;
}

/** Makes an element whose children are options a list box: one is chosen, with the mouse or the arrow keys. */
export class Choice {
  #chosen = -1;

  constructor(
    readonly element: HTMLElement,
    readonly options: ChoiceOptions,
  ) {
    element.setAttribute('role', 'listbox');
    element.tabIndex = 0;
    element.addEventListener('click', ({ target }) => {
      const option = target instanceof Element ? target.closest('[role=option]') : null;
      if (option) options.onChoose([...element.children].indexOf(option));
    });
    element.addEventListener('keydown', (event) => this.#press(event));
  }

  /** Marks an option as the chosen one; -1: none. */
  choose(option: number): void {
    const { children } = this.element;
    if (this.#chosen >= 0) children.item(this.#chosen)?.setAttribute('aria-selected', 'false');
    this.#chosen = option;
    const chosen = children.item(option);
    chosen?.setAttribute('aria-selected', 'true');
    if (chosen) this.element.setAttribute('aria-activedescendant', chosen.id);
    else this.element.removeAttribute('aria-activedescendant');
  }

  #press(event: KeyboardEvent): void {
    const columns = this.options.columns();
    const last = this.element.childElementCount - 1;
    const steps = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      Home: -Infinity,
      End: Infinity,
    };
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in steps)) return;
    event.preventDefault();
    const to = this.#chosen < 0 ? 0 : this.#chosen + steps[event.key as keyof typeof steps];
    const option = Math.max(0, Math.min(last, to));
    this.options.onChoose(option);
    // Only the list itself scrolls, not the page.
    const chosen = this.element.children.item(option);
    if (chosen instanceof HTMLElement) keepInSight(this.element, chosen);
  }
}

function keepInSight(list: HTMLElement, option: HTMLElement): void {
  const [outer, inner] = [list.getBoundingClientRect(), option.getBoundingClientRect()];
  if (inner.top < outer.top) list.scrollTop += inner.top - outer.top;
  if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
}
