/** The entries of a list written as plain text: commas part them, a line end within one is a space. */
export function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((entry) => entry.trim().replace(/\s+/g, ' '))
    .filter((entry) => entry !== '');
}
