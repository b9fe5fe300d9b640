import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { page, ROOT } from './pages.js';

const tracked = execFileSync('git', ['ls-files', '*.ts'], { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);
const source = tracked
  .filter((path) => path.startsWith('src/'))
  .map((path) => readFileSync(join(ROOT, path), 'utf8'))
  .join('\n')
  // A message may be joined from pieces.
  .replace(/['`]\s*\+\s*['`]/g, '');

it('every message of the troubleshooting page is one of the program', () => {
  const messages = [...page('docs/troubleshooting.md').text.matchAll(/^\| `([^`]+)`/gm)].map(([, message]) => message);
  expect(messages.length).toBeGreaterThan(5);
  expect(messages.filter((message) => !source.includes(message))).toEqual([]);
});
