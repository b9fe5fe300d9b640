/** Less than a hundred characters, of which an evaluation is one window. */
export const LINE = 'The quick brown fox jumps over a lazy dog, and a small model learns to tell of it.\n';

/** A text that a small model learns within a few steps. */
export const TEXT = LINE.repeat(100);

/** Arguments of a run of a second on it, from the file my.txt. */
export function trainWords(more: string): string {
  return `train my.txt --steps 20 --hidden-size 16 --report-every 10 --sample-every 0 ${more}`;
}
