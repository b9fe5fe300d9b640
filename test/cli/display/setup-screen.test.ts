import { PassThrough } from 'node:stream';
import { afterEach, expect, it, vi } from 'vitest';
import { setupDisplay } from '../../../src/cli/display/setup-screen.js';

afterEach(() => vi.unstubAllEnvs());

/** What a download and a compilation write to a terminal of a kind. */
function writtenTo(kind: string): string {
  vi.stubEnv('TERM', kind);
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  const { report, end } = setupDisplay(terminal as unknown as NodeJS.WriteStream);
  report({ step: 'download', message: 'downloading', fraction: 0 });
  report({ step: 'download', message: 'downloading', fraction: 0.5 });
  report({ step: 'compile', message: 'compiling' });
  end();
  return String(terminal.read());
}

it('shows how far a download is by a bar', () => {
  expect(writtenTo('xterm')).toContain(`downloading ${'-'.repeat(24)} 0%`);
});

it('writes lines alone to a terminal without controls', () => {
  expect(writtenTo('dumb')).toBe('downloading\ncompiling\n');
});
