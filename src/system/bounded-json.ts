/** The header of a safetensors file broke one of the format's rules; the message says which, and what came instead. */
export class DamagedFile extends Error {}

/** Objects in lists in objects: the deepest value that a header can need is a number in a tensor's shape. */
const MAX_DEPTH = 3;

/** Names, lists and objects in one header: a long history has 12,000, and each can take 200 bytes of memory. */
const MAX_PARTS = 100_000;

/** Values in one header: the vocabulary of all of Unicode has 1,112,064, and each can take 40 bytes of memory. */
const MAX_VALUES = 1_200_000;

/** Characters of a value that a message shows. */
const SHOWN_LENGTH = 60;

/**
 * Reads the header's text as one JSON object in which no name comes twice.
 *
 * `JSON.parse` alone keeps the last of two equal names, so that two readers could see two different tensors in one
 * file, and it spends up to 35 bytes of memory on each byte of nested lists; both are refused here.
 * @throws {DamagedFile} not JSON, a repeated name, or nested deeper or in more parts than a header can be.
 */
export function parseHeaderJson(text: string): Record<string, unknown> {
  try {
    checkStructure(text, 'its header');
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof DamagedFile) throw error;
    throw new DamagedFile(`its header must be a JSON object; found: ${shown(text)}`);
  }
}

/** Whether text holds no half of a surrogate pair, which UTF-8 cannot hold and other readers of the format refuse. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** A value from a file as one short line that is safe to print, whatever is in it. */
export function shown(value: unknown): string {
  const start: unknown = typeof value === 'string' ? value.slice(0, SHOWN_LENGTH) : value;
  const text = JSON.stringify(start) ?? 'nothing';
  const short = text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text;
  return short.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}

/**
 * Refuses JSON text in which a name comes twice, or that is nested deeper or has more parts than a header can, which is
 * as much as any JSON that this program reads has. Walks the text with a stack of its own; text that is not JSON may
 * pass and is left to `JSON.parse`.
 * @param what the text is, for the message. @throws {DamagedFile | SyntaxError} in one of these cases; a name that is none.
 */
export function checkStructure(text: string, what: string): void {
  const scopes: Set<string>[] = [];
  let parts = 0;
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') {
      parts++;
      if (scopes.push(new Set()) > MAX_DEPTH)
        throw new DamagedFile(`${what} must nest at most ${MAX_DEPTH} deep; found: deeper`);
    } else if (character === '}' || character === ']') {
      scopes.pop();
    } else if (character === ',') {
      values++;
    } else if (character === '"') {
      const end = stringEnd(text, at);
      if (isName(text, end)) {
        parts++;
        addName(scopes.at(-1), text.slice(at, end), what);
      }
      at = end - 1;
    }
    if (parts > MAX_PARTS)
      throw new DamagedFile(`${what} must have at most ${MAX_PARTS} names, lists and objects; found: more`);
    if (values > MAX_VALUES) throw new DamagedFile(`${what} must have at most ${MAX_VALUES} values; found: more`);
  }
}

/** Where the string that opens at `start` has ended: one past its closing quote, or the end of the text. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** In JSON a string is a name exactly when a colon comes next. */
function isName(text: string, end: number): boolean {
  let at = end;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++;
  return text[at] === ':';
}

function addName(names: Set<string> | undefined, quoted: string, what: string): void {
  // Compared after unescaping: "\u0061" and "a" are the same name.
  const name = JSON.parse(quoted) as string;
  if (names?.has(name)) throw new DamagedFile(`${what} must give each name once; found: ${shown(name)} twice`);
  names?.add(name);
}
