const PREFIX = 'min-char-rnn-';

/** A choice that was kept in this browser; null where there is none. */
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    // A browser may keep pages from storing anything: nothing is chosen then.
    return null;
  }
}

/** Keeps a choice for the next time, where that is allowed. */
export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Where nothing may be stored, the choice lasts as long as the page.
  }
}
