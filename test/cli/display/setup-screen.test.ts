import { afterEach, expect, it, vi } from 'vitest';
import { setupDisplay } from '../../../src/cli/display/setup-screen.js';
import { FakeTerminal } from './fake-terminal.js';

afterEach(() => vi.unstubAllEnvs());

/** A terminal of a kind after a download and a compilation, and what it showed at half of the download. */
function afterSetUp(kind: string): { terminal: FakeTerminal; half: string[] } {
  vi.stubEnv('TERM', kind);
  const terminal = new FakeTerminal(60);
  const { report, end } = setupDisplay(terminal.stream);
  report({ step: 'prepare', message: 'looking' });
  report({ step: 'download', message: 'downloading', fraction: 0 });
  report({ step: 'download', message: 'downloading', fraction: 0.5 });
  const half = terminal.lines;
  report({ step: 'compile', message: 'compiling' });
  end();
  return { terminal, half };
}

it('shows how far a download is by a bar, and its line alone in the end', () => {
  const { terminal, half } = afterSetUp('xterm');
  expect(half).toEqual(['looking', `${'━'.repeat(15)}${'─'.repeat(15)}  50%  downloading`]);
  expect(terminal.lines).toEqual(['looking', 'downloading', 'compiling']);
  expect(terminal.cursorShown).toBe(true);
});

it('writes lines alone to a terminal without controls', () => {
  expect(afterSetUp('dumb').terminal.written).toBe('looking\ndownloading\ncompiling\n');
});
