import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, refusal } from './stubbed-parser.js';

const folder = mkdtempSync(join(tmpdir(), 'min-char-rnn-config-'));
const path = join(folder, 'run.json');
afterAll(() => rmSync(folder, { recursive: true }));

/** `train --config` with a file of this text. */
function withFile(text: string, ...argv: string[]): string[] {
  writeFileSync(path, text);
  return ['train', '--config', path, ...argv];
}

describe('--config', () => {
  it('gives options by their names or in camelCase, as numbers, texts and booleans', async () => {
    const text = '{ "hidden-size": 7, "learningRate": "0.5", "init": "scaled", "compile": false, "quiet": true }';
    expect(await parse(...withFile(text))).toMatchObject({
      hiddenSize: 7,
      learningRate: 0.5,
      init: 'scaled',
      compile: false,
      quiet: true,
    });
  });

  it('is read without a byte order mark, and refused in another encoding with what to do', async () => {
    expect(await parse(...withFile('\ufeff{ "steps": 5 }'))).toMatchObject({ steps: 5 });
    const argv = withFile('');
    writeFileSync(path, '\ufeff{ "steps": 5 }', 'utf16le');
    expect(await refusal(...argv)).toMatch(
      /^--config must name a JSON file in UTF-8, but '.*run\.json' is not; it seems to be UTF-16, so convert it \(iconv -f/,
    );
  });

  it('gives way to the command line', async () => {
    const argv = withFile('{ "steps": 5, "seed": 1, "quiet": true }', '--steps', '6', '--no-quiet');
    expect(await parse(...argv)).toMatchObject({ steps: 6, seed: 1, quiet: false });
  });

  it.each([
    ['{ "steps": 5', /^--config must name a JSON file, but '.*' is none: .+; correct it$/],
    ['', /^--config must name a JSON file, but '.*' is none: .+; correct it$/],
    [
      '[1, 2]',
      /^--config must name a file with a JSON object, but '.*' holds \[1,2\]; write for example \{"hidden-size": 256\}$/,
    ],
    ['null', /^--config must name a file with a JSON object, but '.*' holds null; /],
    ['5', /^--config must name a file with a JSON object, but '.*' holds 5; /],
    ['{ "hiden-size": 5 }', /^'.*' must hold options of train, but 'hiden-size' is none; did you mean hidden-size\?$/],
    ['{ "xyzzy": 5 }', /^'.*' must hold options of train, but 'xyzzy' is none; see train --help$/],
    ['{ "config": "x" }', /^'.*' must hold options of train, but 'config' is none; /],
    ['{ "__proto__": 5 }', /^'.*' must hold options of train, but '__proto__' is none; /],
    ['{ "seed": 1, "steps": [5] }', /^steps in '.*' must be a number or a text, but is \[5\]; correct it$/],
    ['{ "steps": { "a": 1 } }', /^steps in '.*' must be a number or a text, but is an object; correct it$/],
    ['{ "steps": null }', /^steps in '.*' must be a number or a text, but is null; correct it$/],
    ['{ "steps": true }', /^steps in '.*' must be a number or a text, but is true; correct it$/],
    ['{ "quiet": "yes" }', /^quiet in '.*' must be true or false, but is "yes"; correct it$/],
    ['{ "quiet": 1 }', /^quiet in '.*' must be true or false, but is 1; correct it$/],
    [
      '{ "steps": 1.5 }',
      /^in '.*': --steps must be a whole number of 0 or more, but got '1.5'; write for example --steps 1000$/,
    ],
    ['{ "preset": "slow" }', /^in '.*': --preset must be one of seed, fast, gpu, but got 'slow'; choose one$/],
    [
      '{ "hidden-size": 5, "hiddenSize": 6 }',
      /^'.*' must give hidden-size once, but gives it twice; keep one of them$/,
    ],
  ])('refuses a file with %j', async (text, line) => {
    const message = await refusal(...withFile(text));
    expect(message).toMatch(line);
    expect(message).toContain(path);
    expect(message).not.toContain('\n');
  });

  it('refuses a file that is not there, and a folder', async () => {
    expect(await refusal('train', '--config', join(folder, 'absent.json'))).toMatch(
      /^--config must name a JSON file, but '.*absent\.json' does not exist; check the path$/,
    );
    expect(await refusal('train', '--config', folder)).toMatch(
      /^--config must name a JSON file, but '.*' cannot be read: EISDIR.*; check the path$/,
    );
  });
});
