/** 1234567 → "1,234,567"; at most `digits` decimals. */
export function formatCount(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** A number to three significant digits: 0.1, 0.0285, 1.5e-7. */
export function formatSignificant(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** Symbols a second in 6 characters or fewer: 950, 48.2k, 1.25M. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 999_950) return `${(perSecond / 1e6).toFixed(2)}M`;
  return perSecond >= 9_999.5 ? `${(perSecond / 1e3).toFixed(1)}k` : formatCount(perSecond);
}

/** Bytes in the unit that suits them: 950 B, 48.2 MiB, 1.1 GiB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const power = Math.min(3, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(1)} ${['B', 'KiB', 'MiB', 'GiB'][power]}`;
}

/** Seconds as a clock shows them: 0:07, 12:30, 3:05:00, 2d 03:05:00. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [days, hours, minutes] = [
    Math.floor(whole / 86400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  const end = two(whole % 60);
  if (days > 0) return `${days}d ${two(hours)}:${two(minutes)}:${end}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${end}` : `${minutes}:${end}`;
}

/** A word as a shell takes it: quoted where it has anything but plain characters. */
export function shellWord(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

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
