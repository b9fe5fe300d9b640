import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadCheckpoint, saveCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { checkpointOf, planRun, type RunRequest } from '../../src/run/plan.js';
import { smallCheckpoint } from '../checkpoint/small-checkpoint.js';
import { scratchFolder } from '../scratch-folder.js';

const TEXT = 'the rain in spain falls mainly on the plain\n'.repeat(9);

let folder = '';
beforeEach(() => {
  folder = scratchFolder();
});

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The checkpoint of a run on what was asked for, as it would save itself. */
async function saved(request: RunRequest): Promise<string> {
  const path = join(folder, 'run.safetensors');
  const plan = await planRun(request);
  await saveCheckpoint(path, checkpointOf(plan, { tensors: plan.state, run: smallCheckpoint().run }));
  return path;
}

/** A checkpoint of an older version, for which a byte order mark at the start of a text was a symbol. */
async function savedWithMark(text: string): Promise<string> {
  // Only the first of two is taken away.
  const path = await saved({ corpus: [file('a.txt', `\ufeff${text}`)] });
  const { corpus } = await loadCheckpoint(path);
  expect(corpus).toMatchObject({ hash: createHash('sha256').update(text).digest('hex'), symbols: text.length });
  return path;
}

describe('a run that goes on', () => {
  it('knows its text by its content, with a byte order mark or without', async () => {
    const resume = await saved({ corpus: [file('a.txt', TEXT)] });
    expect((await loadCheckpoint(resume)).corpus.hash).toBe(createHash('sha256').update(TEXT).digest('hex'));
    for (const corpus of [file('b.txt', TEXT), file('c.txt', `\ufeff${TEXT}`)]) {
      expect((await planRun({ resume, corpus: [corpus] })).resume?.step).toBe(47);
    }
  });

  it('goes on with the built-in text where none is named, if that is its text', async () => {
    const resume = await saved({});
    expect((await planRun({ resume })).corpus.name).toBe('the built-in text');
  });

  it('must be given its text otherwise, by the name that the checkpoint has', async () => {
    const novel = file('novel.txt', TEXT);
    for (const corpus of [novel, file('same-symbols.txt', await likeBuiltIn())]) {
      const resume = await saved({ corpus: [corpus] });
      await expect(planRun({ resume })).rejects.toThrow(
        `a resumed run must continue with the text that it was trained on, '${corpus}', but no text was named; ` +
          `name it: train TEXT --resume '${resume}'`,
      );
    }
  });

  it('refuses another text as such, also where its symbols are unknown', async () => {
    const resume = await saved({ corpus: [file('a.txt', TEXT)] });
    const other = file('b.txt', `${TEXT}ÄÖÜ`);
    await expect(planRun({ resume, corpus: [other] })).rejects.toThrow(
      `must continue with the text that it was trained on, '${join(folder, 'a.txt')}', but '${other}' differs from it; ` +
        `name that text, or start another run with --init-from '${resume}'`,
    );
  });

  it('says what to do about a text whose byte order mark an older version has counted', async () => {
    const text = `\ufeff${TEXT}`;
    const resume = await savedWithMark(text);
    const refused = planRun({ resume, corpus: [file('a.txt', text)] });
    await expect(refused).rejects.toThrow(
      /differs from it; .* an older version took that for a symbol: put another one/,
    );
    const { streams, vocabulary } = await planRun({ resume, corpus: [file('twice.txt', `\ufeff${text}`)] });
    expect(streams.symbolAfter(0)).toBe(vocabulary.indexOf(0xfeff));
    const shorter = planRun({
      resume: await saved({ corpus: [file('a.txt', `${TEXT}a`)] }),
      corpus: [file('b', TEXT)],
    });
    await expect(shorter).rejects.toThrow(/ --init-from '[^']*'$/);
  });
});

describe('a run with the weights of another', () => {
  it('must be given a text where the model does not know the symbols of the built-in one', async () => {
    const initFrom = await saved({ corpus: [file('a.txt', TEXT)] });
    await expect(planRun({ initFrom })).rejects.toThrow(
      "--init-from must come with a text in the model's symbols, but no text was named, and the built-in text has others; " +
        `name one: train TEXT --init-from '${initFrom}'`,
    );
    const foreign = planRun({ initFrom, corpus: [file('b.txt', `${TEXT}Ä`)] });
    await expect(foreign).rejects.toThrow(/"Ä" \(U\+00C4\) at position \d+ is not/);
  });

  it('takes the built-in text where none is named and the model knows its symbols', async () => {
    const initFrom = await saved({ corpus: [file('a.txt', `${await likeBuiltIn()}ÄÖ`)] });
    expect((await planRun({ initFrom })).corpus.name).toBe('the built-in text');
  });
});

/** A text of all the symbols of the built-in one. */
async function likeBuiltIn(): Promise<string> {
  const { vocabulary } = await planRun({});
  return vocabulary.decode(Array.from({ length: 500 }, (_, i) => i % vocabulary.size));
}
