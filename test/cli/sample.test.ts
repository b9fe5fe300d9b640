import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { run, sharedFolder, start, succeed, withoutTensorflow } from './processes.js';

const { path } = sharedFolder();
const saved = path('model.safetensors');

/** Words of one to four bytes a character, so that characters and bytes differ. */
const SYMBOLS = [...'aä€😀 \n'];
const text = Array.from({ length: 1500 }, (_, i) => SYMBOLS[(i * 7 + (i >> 2)) % SYMBOLS.length]).join('');

beforeAll(async () => {
  writeFileSync(path('wide.txt'), text);
  const args = '--hidden-size 12 --seq-length 10 --steps 400 --sample-every 0 --quiet --backend pure'.split(' ');
  await succeed('train', path('wide.txt'), ...args, '--checkpoint', saved);
});

/** The text that `sample` writes. */
async function sampled(...args: string[]): Promise<string> {
  const { stdout, stderr } = await succeed('sample', saved, '--seed', '3', '--length', '60', ...args);
  expect(stderr).toBe('');
  return stdout;
}

describe.concurrent('sample', () => {
  it('writes as many characters as were asked for, and nothing else', async () => {
    for (const length of [1, 257]) {
      const { stdout, stderr } = await succeed('sample', saved, '--length', String(length));
      expect([...stdout].length).toBe(length);
      expect([...stdout].every((character) => SYMBOLS.includes(character))).toBe(true);
      expect(stderr).toBe('');
    }
  });

  it('writes the same text for the same seed, and another for another', async () => {
    const pure = await sampled();
    expect(await sampled('--backend', 'pure')).toBe(pure);
    expect(await sampled('--backend', 'wasm')).toBe(pure);
    expect((await succeed('sample', saved, '--seed', '4', '--length', '60')).stdout).not.toBe(pure);
  });

  it.skipIf(withoutTensorflow.skip)(`writes the same text on tensorflow${withoutTensorflow.title}`, async () => {
    const { stdout } = await succeed('sample', saved, '--seed', '3', '--length', '60', '--backend', 'tensorflow');
    expect(stdout).toBe(await sampled('--backend', 'pure'));
  });

  it('reads the prime text from a flag, a file or standard input alike', async () => {
    const prime = 'ä€😀 \na';
    writeFileSync(path('prime.txt'), prime);
    const byFlag = await sampled('--prime', prime);
    expect(await sampled('--prime-file', path('prime.txt'))).toBe(byFlag);
    const args = ['sample', saved, '--seed', '3', '--length', '60', '--prime-file', '-'];
    expect((await run(args, prime)).stdout).toBe(byFlag);
    expect(await sampled()).not.toBe(byFlag);
  });

  it('reads bytes from a file, standard input or escapes where its model is of bytes', async () => {
    const [any, ofBytes] = [path('any.bin'), path('bytes.safetensors')];
    writeFileSync(any, Buffer.from(text, 'latin1'));
    const args = '--encoding bytes --hidden-size 12 --seq-length 10 --steps 200 --quiet --backend pure'.split(' ');
    await succeed('train', any, ...args, '--checkpoint', ofBytes);
    const prime = Buffer.from('ää a\xe4\n', 'latin1');
    writeFileSync(path('prime.bin'), prime);
    const sample = ['sample', ofBytes, '--seed', '3', '--length', '60'];
    const { bytes } = await succeed(...sample, '--prime-file', path('prime.bin'));
    expect((await run([...sample, '--prime-file', '-'], prime)).bytes).toEqual(bytes);
    expect((await succeed(...sample, '--prime', '\\xe4\\xE4 a\\xe4\\x0a')).bytes).toEqual(bytes);
    expect((await succeed(...sample)).bytes).not.toEqual(bytes);
    const { code, stderr } = await run([...sample, '--prime', '\\é']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^min-char-rnn: a backslash in --prime must .*\n$/)]);
  });

  it.each([
    [['--prime', 'ää€b€'], /^min-char-rnn: .*"b" \(U\+0062\) at position 3 is not in the model's vocabulary.*\n$/],
    [['--prime', 'a', '--prime-file', '-'], /--prime and --prime-file must not come together/],
    [['--prime-file', 'nowhere.txt'], /--prime-file must be a readable file, but 'nowhere.txt' is not/],
    [['--prime-file', '/dev/null'], /the prime text must not be empty/],
  ])('refuses %j with the reason', async (args, message) => {
    const { code, stdout, stderr } = await run(['sample', saved, ...args]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('without end stops quietly when the output is no longer read', async () => {
    const { child, finished } = start('sample', saved, '--length', '0');
    let bytes = 0;
    while (bytes < 100) bytes += ((await once(child.stdout, 'data')) as Buffer[])[0].length;
    child.stdout.destroy();
    const { code, stderr } = await finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('writes several texts with an empty line between them, each from the prime text on', async () => {
    const texts = await sampled('--count', '3', '--greedy', '--prime', 'a');
    const one = await sampled('--greedy', '--prime', 'a');
    expect(texts).toBe([one, one, one].join('\n\n'));
    expect([...(await sampled('--count', '2'))].length).toBe(60 + 2 + 60);
  });

  it('takes the most probable character with --greedy, as with --top-k 1', async () => {
    const greedy = await sampled('--greedy');
    expect(await sampled('--top-k', '1')).toBe(greedy);
    expect(await sampled('--temperature', '0.0001')).toBe(greedy);
  });
});
