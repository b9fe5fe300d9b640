import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { TerminalDisplay } from '../../../src/cli/display/terminal-display.js';
import { FakeTerminal } from './fake-terminal.js';
import { displayOn, progress } from './shown-run.js';

const ESC = '\u001b';

describe('what scrolls by above the bar', () => {
  it('are all samples in full and in order, under their steps, however long their lines', () => {
    const terminal = new FakeTerminal(40);
    const display = displayOn(terminal);
    const texts = Array.from({ length: 50 }, (_, i) => `${i}: ${'abc defg'.repeat(i)}\n\n${i} ends`);
    texts.forEach((text, i) => {
      if (i > 0) display.event(progress(100 * i));
      display.event({ type: 'sample', step: 100 * i, text });
    });
    expect(terminal.lines.at(-1)).toMatch(/^step 4,900 /);
    display.close();
    const screen = terminal.rows.map((row) => row.join('')).join('|');
    const wrapped = texts.map((text) =>
      text
        .split('\n')
        .map((line) => line.match(/.{1,40}/g)?.join('|') ?? '')
        .join('|'),
    );
    const headings = texts.map((_, i) => `── step ${(100 * i).toLocaleString('en-US')}${i > 0 ? ', loss 55.36' : ''}`);
    let from = 0;
    wrapped.forEach((text, i) => {
      expect(screen.indexOf(headings[i], from)).toBeGreaterThanOrEqual(from);
      from = screen.indexOf(`|${text}|`, from);
      expect(from).toBeGreaterThan(0);
    });
    expect(terminal.lines.filter((line) => line.includes('ETA'))).toEqual([]);
  });

  it('says the loss of a sample only where it is that of its step', () => {
    const terminal = new FakeTerminal(80);
    const display = displayOn(terminal);
    display.event(progress(90));
    display.event({ type: 'sample', step: 100, text: 'text' });
    expect(terminal.lines[0]).toMatch(/^── step 100 ─+$/);
  });

  it('are validations, whose own bar comes below and goes', () => {
    const terminal = new FakeTerminal(80);
    const display = displayOn(terminal);
    display.note('above');
    display.event(progress(100));
    for (const fraction of [0.1, 0.3, 0.5]) display.event({ type: 'validation-progress', fraction });
    expect(terminal.lines).toHaveLength(3);
    expect(terminal.lines[2]).toBe(`${'━'.repeat(15)}${'─'.repeat(15)}  50%  validating`);
    display.event({ type: 'validation', step: 100, natsPerChar: 2, bitsPerChar: 2 / Math.LN2, best: true });
    expect(terminal.lines).toHaveLength(3);
    expect(terminal.lines[0]).toBe('above');
    expect(terminal.lines[1]).toMatch(
      /^── validation at step 100: 2\.000 nats\/char, 2\.885 bits\/char, best so far ─+$/,
    );
    expect(terminal.lines[2]).toContain('step 100');
  });

  it.each([
    [40, 39],
    [79, 78],
    [80, 79],
    [200, 79],
  ])('has rules that leave a column of %i free and are %i wide', (columns, width) => {
    const terminal = new FakeTerminal(columns);
    const display = displayOn(terminal);
    display.event({ type: 'sample', step: 100, text: 'text' });
    expect(terminal.lines[0]).toBe('── step 100 '.padEnd(width, '─'));
  });

  it('does not flash a second bar for a validation that takes no time', () => {
    const terminal = new FakeTerminal(80);
    const display = new TerminalDisplay(terminal.stream, { limits: {}, windowsPerEpoch: 10 });
    display.event(progress(100));
    display.event({ type: 'validation-progress', fraction: 0.5 });
    expect(terminal.lines).toHaveLength(1);
    display.close();
  });

  it('has the lines of a text whose lines end in \\r\\n, and nothing that turns it around', () => {
    const terminal = new FakeTerminal(80);
    const display = displayOn(terminal);
    display.event(progress(100));
    display.event({ type: 'sample', step: 100, text: 'one\r\n\r\ntwo\u202eowt\r' });
    expect(terminal.lines.slice(1, -1)).toEqual(['one', '', 'two\\u{202e}owt\\x0d']);
  });

  it('has no control characters of the text or the notes', () => {
    const terminal = new FakeTerminal(80);
    const display = displayOn(terminal);
    const all = Array.from({ length: 0x100 }, (_, i) => String.fromCodePoint(i)).filter((c) => c !== '\t');
    // The terminal throws at any that it gets.
    display.note(all.join(''));
    display.event({ type: 'sample', step: 0, text: all.join('') });
    display.event(progress(100));
    display.event({ type: 'sample', step: 0, text: all.join('') });
    expect(terminal.lines.join('')).toContain('\\x1b');
  });
});

describe('the terminal', () => {
  it.each([
    [80, 30],
    [30, 80],
    [80, 0],
  ])('may change from %i to %i columns between frames', (before, after) => {
    const terminal = new FakeTerminal(before);
    const display = displayOn(terminal);
    display.event(progress(100));
    display.event({ type: 'sample', step: 99, text: 'text above' });
    terminal.resize(after);
    expect(terminal.lines.at(-1)?.length).toBeLessThan(after || 80);
    display.event(progress(200));
    expect(terminal.lines).toHaveLength(3);
    expect(terminal.lines[1]).toBe('text above');
    display.close();
    expect(terminal.listenerCount('resize')).toBe(0);
  });

  it('gets its cursor back, and a clean line, when the display closes', () => {
    const terminal = new FakeTerminal(80);
    const display = displayOn(terminal);
    const listeners = process.listenerCount('exit');
    display.event(progress(100));
    expect(terminal.cursorShown).toBe(false);
    display.close();
    display.close();
    expect(terminal.cursorShown).toBe(true);
    display.note('after');
    expect(terminal.lines).toEqual(['after']);
    expect(process.listenerCount('exit')).toBe(listeners);
  });

  it('gets its cursor back when the process ends without closing the display', () => {
    const terminal = new FakeTerminal(80);
    const display = displayOn(terminal);
    display.event(progress(100));
    const restore = process.listeners('exit').at(-1);
    restore?.(0);
    expect(terminal.cursorShown).toBe(true);
    expect(terminal.lines).toEqual([]);
    display.close();
  });

  it('stays as it was where no bar was ever shown', () => {
    const terminal = new FakeTerminal(80);
    const display = displayOn(terminal);
    display.note('a note');
    display.close();
    expect(terminal.written).toBe('a note\n');
  });

  it('gets colours only where it has them: not with NO_COLOR', () => {
    const [coloured, plain] = [true, false].map((colours) => {
      const terminal = new FakeTerminal(80, colours);
      const display = displayOn(terminal);
      display.event(progress(5000));
      display.event({ type: 'validation', step: 5000, natsPerChar: 2, bitsPerChar: 3, best: true });
      display.close();
      return terminal.written;
    });
    expect(plain).not.toMatch(new RegExp(`${ESC}\\[\\d+m`));
    for (const colour of [2, 32, 36]) expect(coloured).toContain(`${ESC}[${colour}m`);
    expect(stripVTControlCharacters(coloured)).toBe(stripVTControlCharacters(plain));
  });
});
