/** The few colours in use; each is the identity where none are wanted. */
export interface Colours {
  /** Labels and rules: less than the text. */
  dim: (text: string) => string;
  /** What has been done of a bar. */
  accent: (text: string) => string;
  /** Good news. */
  good: (text: string) => string;
}

/** Colours for a stream: none unless it is a terminal that has them and NO_COLOR is unset (FORCE_COLOR wins). */
export function coloursFor(out: NodeJS.WriteStream): Colours {
  const wanted = out.isTTY && out.hasColors();
  const style = (on: number, off: number) => (text: string) =>
    wanted && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { dim: style(2, 22), accent: style(36, 39), good: style(32, 39) };
}
