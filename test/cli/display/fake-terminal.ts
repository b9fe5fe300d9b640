import { EventEmitter } from 'node:events';

const START = '\u001b';
const ESCAPE = new RegExp(`^${START}\\[(\\??)(\\d*)([A-Za-z])`);

/**
 * A terminal in memory: everything that was ever on it, top to bottom, as far as it knows the codes that it is sent;
 * it throws at any other control character. A resize moves nothing, as in a terminal that does not reflow.
 */
export class FakeTerminal extends EventEmitter {
  readonly isTTY = true;
  readonly rows: string[][] = [[]];
  cursorShown = true;
  /** Called after each write: a frame. */
  onFrame = (): void => undefined;
  /** Everything written, codes and all. */
  written = '';
  #wraps = true;
  #row = 0;
  #column = 0;

  constructor(
    public columns: number,
    private readonly colours = true,
  ) {
    super();
  }

  /** As Node's stream where it is used as one. */
  get stream(): NodeJS.WriteStream {
    return this as unknown as NodeJS.WriteStream;
  }

  hasColors(): boolean {
    return this.colours;
  }

  /** Lines as a reader sees them, without the empty ones at the end. */
  get lines(): string[] {
    const lines = this.rows.map((row) => Array.from(row, (character) => character ?? ' ').join(''));
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  resize(columns: number): void {
    this.columns = columns;
    this.emit('resize');
  }

  write(text: string): boolean {
    this.written += text;
    for (let rest = text; rest !== '';) {
      const escape = ESCAPE.exec(rest);
      if (escape) this.#control(escape[1] + escape[3], escape[2]);
      else this.#put(String.fromCodePoint(rest.codePointAt(0) ?? 0));
      rest = rest.slice(escape ? escape[0].length : rest.codePointAt(0) === rest.charCodeAt(0) ? 1 : 2);
    }
    this.onFrame();
    return true;
  }

  #control(code: string, parameter: string): void {
    const count = Number(parameter || 1);
    if (code === 'A') this.#row = Math.max(0, this.#row - count);
    else if (code === 'G') this.#column = count - 1;
    else if (code === 'J') this.#eraseBelow();
    else if (code === 'K') this.#eraseLine(parameter);
    else if ((code === '?h' || code === '?l') && parameter === '25') this.cursorShown = code === '?h';
    else if ((code === '?h' || code === '?l') && parameter === '7') this.#wraps = code === '?h';
    else if (code !== 'm') throw new Error(`unknown control sequence ${code}`);
  }

  /** To the right of the cursor, or with 2 the whole line. */
  #eraseLine(parameter: string): void {
    const line = this.rows[this.#row];
    if (parameter === '2') line.length = 0;
    else line.length = Math.min(line.length, this.#column);
  }

  #eraseBelow(): void {
    this.rows.length = this.#row + 1;
    this.rows[this.#row].length = this.#column;
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') this.#lineFeed();
    else if (/\p{Cc}/u.test(character)) throw new Error(`control character ${JSON.stringify(character)}`);
    else {
      const full = this.#column >= (this.columns || 80);
      if (full && this.#wraps) this.#lineFeed();
      else if (full) this.#column--;
      this.rows[this.#row][this.#column++] = character;
    }
  }

  #lineFeed(): void {
    this.#row++;
    this.#column = 0;
    this.rows[this.#row] ??= [];
  }
}
