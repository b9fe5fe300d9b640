/**
 * Text made safe for a terminal: control characters other than tab and the end of a line (\n or \r\n) show as their
 * codes, and so do those that turn the text around.
 */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are the characters in question
  const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
  return text.replaceAll('\r\n', '\n').replace(control, codeOf);
}

/** Text from elsewhere as part of one line: everything that breaks a line, is invisible or reverses the text shows as its code. */
export function printableLine(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, codeOf);
}

function codeOf(character: string): string {
  const code = character.codePointAt(0)?.toString(16) ?? '';
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`;
}

/** A value as JSON that is safe for a terminal too: what JSON allows and a terminal obeys is escaped. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Text of at most 1,000 characters as it is, of longer text the start and the end. */
export function shortened(text: string): string {
  return text.length <= SHOWN.start + SHOWN.end ? text : `${text.slice(0, SHOWN.start)} ... ${text.slice(-SHOWN.end)}`;
}

const SHOWN = { start: 800, end: 200 };
