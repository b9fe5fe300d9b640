import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readingBar } from '../../../src/cli/display/reading-bar.js';
import { FakeTerminal } from './fake-terminal.js';

const AT_ONCE = { frameMs: 0, patienceMs: 0 };
const MIB = 2 ** 20;

beforeEach(() => void vi.stubEnv('TERM', 'xterm'));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const progress = (mib: number, totalMib?: number, name = 'books/one.txt') => ({
  name,
  bytes: mib * MIB,
  totalBytes: totalMib === undefined ? undefined : totalMib * MIB,
});

describe('the bar of a text that is read', () => {
  it('shows how much of how much has been read, of which file, and goes when the reading ends', () => {
    const terminal = new FakeTerminal(100);
    const bar = readingBar({}, terminal.stream, AT_ONCE);
    bar.show(progress(32, 128));
    expect(terminal.lines).toEqual([
      expect.stringMatching(/^━+╸?─+ {2}25% {2}reading {2}32\.0 MiB of 128\.0 MiB {2}books\/one\.txt$/),
    ]);
    bar.show(progress(64, 128));
    expect(terminal.lines).toEqual([expect.stringContaining(' 50%')]);
    bar.close();
    expect(terminal.lines).toEqual([]);
    expect(terminal.cursorShown).toBe(true);
  });

  it('shows what has come where the total is unknown', () => {
    const terminal = new FakeTerminal(80);
    const bar = readingBar({}, terminal.stream, AT_ONCE);
    bar.show(progress(3));
    expect(terminal.lines).toEqual(['reading 3.0 MiB']);
    bar.close();
  });

  it.each([
    [60, '━━━╸───  50%  reading  50.0 MiB of 100.0 MiB  books/one.txt'],
    [58, '━━━━━─────  reading  50.0 MiB of 100.0 MiB  books/one.txt'],
    [40, 'reading  books/one.txt'],
    [20, 'reading'],
  ])('shows on %i columns what fits, the file before the size', (columns, line) => {
    const terminal = new FakeTerminal(columns);
    const bar = readingBar({}, terminal.stream, AT_ONCE);
    bar.show(progress(50, 100));
    expect(terminal.lines).toEqual([line]);
    bar.close();
  });

  it.each([2, 10, 40, 80])('keeps a column of %i free, and shows a name that is no harm to the terminal', (columns) => {
    const terminal = new FakeTerminal(columns);
    const bar = readingBar({}, terminal.stream, AT_ONCE);
    // The terminal throws at a control character.
    for (const total of [undefined, 100, 0]) {
      bar.show(progress(50, total, `\u001b]0;x\u0007\n${'long'.repeat(30)}`));
      expect(terminal.lines.length).toBeLessThanOrEqual(1);
      expect(terminal.lines[0]?.length ?? 0).toBeLessThan(columns);
    }
    bar.close();
  });

  it('comes only when the reading takes a while, and changes no more often than a reader can see', () => {
    vi.useFakeTimers();
    const terminal = new FakeTerminal(80);
    const bar = readingBar({}, terminal.stream);
    vi.advanceTimersByTime(250);
    bar.show(progress(1, 100));
    expect(terminal.written).toBe('');
    vi.advanceTimersByTime(100);
    bar.show(progress(2, 100));
    expect(terminal.lines).toEqual([expect.stringContaining('  2%')]);
    vi.advanceTimersByTime(20);
    bar.show(progress(3, 100));
    expect(terminal.lines).toEqual([expect.stringContaining('  2%')]);
    vi.advanceTimersByTime(100);
    bar.show(progress(4, 100));
    expect(terminal.lines).toEqual([expect.stringContaining('  4%')]);
    bar.close();
  });

  it.each([
    ['with --quiet', { quiet: true }, true],
    ['with --json', { json: true }, true],
    ['into a file or a pipe', {}, false],
  ])('does not come %s', (_what, given, isTTY) => {
    const terminal = Object.assign(new FakeTerminal(80), { isTTY });
    const bar = readingBar(given, terminal.stream, AT_ONCE);
    bar.show(progress(1, 2));
    bar.close();
    expect(terminal.written).toBe('');
  });

  it('does not come on a terminal without controls', () => {
    vi.stubEnv('TERM', 'dumb');
    const terminal = new FakeTerminal(80);
    const bar = readingBar({}, terminal.stream, AT_ONCE);
    bar.show(progress(1, 2));
    bar.close();
    expect(terminal.written).toBe('');
  });
});
