import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelPage } from '../../src/pages/model-page.js';
import { run, sharedFolder, SMALL, startIn, succeed } from './processes.js';

const { path, text } = sharedFolder();
const saved = path('model.safetensors');

beforeAll(async () => {
  const args = [...SMALL, '--steps', '20', '--quiet', '--backend', 'pure'];
  await succeed('train', text, ...args, '--checkpoint', saved);
});

function dataIn(file: string): ModelPage {
  const html = readFileSync(file, 'utf8');
  return JSON.parse(/id="page-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '') as ModelPage;
}

describe.concurrent('page', () => {
  it('writes the start of the text given into the page, and says where it is', async () => {
    const out = path('given.html');
    const { stdout, stderr } = await succeed('page', saved, text, '--out', out, '--characters', '500');
    expect([stdout, stderr]).toEqual([
      expect.stringMatching(/^Wrote .*given\.html \(.* KiB\): .* 500 characters .* of text\.txt\nOpen it .*\n$/),
      '',
    ]);
    const { text: shown, facts } = dataIn(out);
    expect(shown.content).toBe(readFileSync(text, 'utf8').slice(0, 500));
    // Folders of the machine are nobody else's business.
    expect(JSON.stringify([shown.title, facts])).not.toContain('/');
  });

  it('without a text takes what the model writes itself, always the same; is called as the checkpoint', async () => {
    const cwd = path('.');
    const started = startIn({ cwd }, 'page', 'model.safetensors');
    expect(await started.finished).toMatchObject({ code: 0, stderr: '' });
    const { name, text: shown } = dataIn(path('model.html'));
    const { stdout } = await succeed('sample', saved, '--seed', '42', '--length', '4000', '--backend', 'pure');
    expect([name, shown.content]).toEqual(['model', stdout]);
  });

  it('replaces a page only if it is asked to, and nothing else ever', async () => {
    const out = path('twice.html');
    await succeed('page', saved, '--out', out);
    const before = readFileSync(out);
    const again = await run(['page', saved, text, '--out', out]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('is there; choose another name or add')]);
    expect(readFileSync(out)).toEqual(before);
    await succeed('page', saved, text, '--out', out, '--overwrite');
    expect(readFileSync(out)).not.toEqual(before);
    writeFileSync(path('notes.html'), 'notes');
    const { code, stderr } = await run(['page', saved, '--out', path('notes.html'), '--overwrite']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('holds something else; choose another name')]);
    expect(readFileSync(path('notes.html'), 'utf8')).toBe('notes');
  });

  it.each([
    [['--out', 'page.txt'], /--out must end in \.html, but got 'page\.txt'/],
    [['--out', '/nowhere/page.html'], /its folder does not exist/],
    [['--characters', '0'], /--characters must be a whole number from 1 to 1000000, but got '0'/],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await run(['page', saved, ...args]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
  });

  it('refuses a text with characters that the model does not know', async () => {
    writeFileSync(path('other.txt'), 'a€');
    const { code, stderr } = await run(['page', saved, path('other.txt'), '--out', path('other.html')]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^min-char-rnn: .*\n$/)]);
  });
});
