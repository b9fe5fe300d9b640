import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { timeless } from '../trainer/runs.js';
import { eventsIn, linesIn, run, sharedFolder, SMALL, succeed, trainJson } from './processes.js';
import type { RunOptions } from '../../src/options/train-options.js';

const { path, text } = sharedFolder();

/** Options as flags: hiddenSize 8 → --hidden-size 8. */
function flagsOf(options: Partial<Omit<RunOptions, 'computedBy'>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    String(value),
  ]);
}

describe.concurrent('train --json', () => {
  it('prints one JSON object a line: notes, reports, samples, validations and one end', async () => {
    const args = '--steps 40 --report-every 10 --sample-every 20 --validation-fraction 0.1 --eval-every 20'.split(' ');
    const { stdout, stderr } = await succeed('train', text, ...SMALL, ...args, '--backend', 'pure', '--json');
    const types = linesIn(stdout).map(({ type }) => String(type));
    const count = (type: string) => types.filter((other) => other === type).length;
    expect(['report', 'sample', 'validation', 'end'].map(count)).toEqual([4, 3, 2, 1]);
    expect(new Set(types)).toEqual(new Set(['note', 'report', 'sample', 'validation', 'end']));
    expect(stderr).toBe('');
  });
});

describe.concurrent('train --quiet', () => {
  it('prints nothing', async () => {
    const { stdout, stderr } = await succeed('train', text, ...SMALL, '--steps', '5', '--backend', 'pure', '--quiet');
    expect([stdout, stderr]).toEqual(['', '']);
  });
});

describe.concurrent('train --metrics', () => {
  it('begins with all that is needed to repeat the run, and then has its reports and validations', async () => {
    const file = path('metrics.jsonl');
    const args =
      '--steps 60 --report-every 20 --batch-size 2 --learning-rate 0.07 --learning-rate-decay linear --seed 5';
    const more = '--init scaled --grad-clip 0.5 --validation-fraction 0.2 --eval-every 30 --temperature 0.8'.split(' ');
    const events = await trainJson(text, ...SMALL, ...args.split(' '), ...more, '--metrics', file);
    const [first, ...lines] = linesIn(readFileSync(file, 'utf8'));
    expect(lines).toEqual(events.filter(({ type }) => type === 'report' || type === 'validation'));
    expect(first).toMatchObject({ type: 'run', backend: 'pure', node: process.versions.node, resumedFrom: null });
    const corpus = first.corpus as { name: string; hash: string };
    expect(corpus).toMatchObject({ symbols: 3000, vocabularySize: 17 });
    expect(corpus.hash).toBe(createHash('sha256').update(readFileSync(text)).digest('hex'));
    const again = await trainJson(corpus.name, ...flagsOf(first.options as RunOptions));
    expect(timeless(again)).toEqual(timeless(events));
  });

  it('has options that --config takes, with or without a validation, and the checkpoint that weights came from', async () => {
    const [first, again, saved] = [path('plain.jsonl'), path('again.jsonl'), path('weights.safetensors')];
    await trainJson(text, ...SMALL, '--steps', '5', '--metrics', first, '--checkpoint', saved);
    const [{ options, initFrom }] = linesIn(readFileSync(first, 'utf8'));
    expect(initFrom).toBeNull();
    writeFileSync(path('plain.json'), JSON.stringify(options));
    await trainJson(text, '--config', path('plain.json'), '--init-from', saved, '--metrics', again);
    expect(linesIn(readFileSync(again, 'utf8'))[0]).toMatchObject({ options, initFrom: saved });
  });

  it('continues in the same file with a line that says from where', async () => {
    const [file, saved] = [path('resumed.jsonl'), path('resumed.safetensors')];
    await trainJson(text, ...SMALL, '--steps', '10', '--checkpoint', saved, '--metrics', file);
    await trainJson(text, '--resume', saved, '--steps', '20', '--report-every', '20', '--metrics', file);
    const lines = linesIn(readFileSync(file, 'utf8'));
    expect(lines.map(({ type, resumedFrom, step }) => [type, resumedFrom ?? step])).toEqual([
      ['run', undefined],
      ['run', 10],
      ['report', 20],
    ]);
  });

  it('refuses a file that cannot be written, in one line', async () => {
    const { code, stderr } = await run(['train', text, '--backend', 'pure', '--metrics', path('no/such/folder.jsonl')]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^min-char-rnn: .*folder\.jsonl.*\n$/)]);
  });
});

describe.concurrent('train --tensorboard', () => {
  it('says in the file of a resumed run that its points count from the next step on', async () => {
    const [board, saved] = [path('board'), path('board.safetensors')];
    await trainJson(text, ...SMALL, '--steps', '10', '--checkpoint', saved, '--tensorboard', board);
    await trainJson(text, '--resume', saved, '--steps', '12', '--tensorboard', board);
    const events = readdirSync(board).map((name) => readFileSync(join(board, name)).toString('hex'));
    // Step and session log of an event.
    const steps = events.map((hex) => /10(..)3a020801/.exec(hex)?.[1]);
    expect(steps).toEqual(['00', '0b']);
  });
});

describe.concurrent('a run that diverges', () => {
  it('has all of its records all the same: metrics, the plot and the points for TensorBoard', async () => {
    const [metrics, plot, board] = [path('diverged.jsonl'), path('diverged.svg'), path('diverged-board')];
    const args = ['--learning-rate', '100', '--steps', '5000', '--report-every', '5'];
    const kept = ['--metrics', metrics, '--plot', plot, '--tensorboard', board];
    const { code, stdout, stderr } = await run([
      'train',
      text,
      ...SMALL,
      '--backend',
      'pure',
      '--json',
      ...args,
      ...kept,
    ]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('diverged') as string });
    const reports = eventsIn(stdout).filter(({ type }) => type === 'report');
    expect(reports.length).toBeGreaterThan(0);
    expect(linesIn(readFileSync(metrics, 'utf8')).slice(1)).toEqual(reports);
    expect(readFileSync(plot, 'utf8')).toContain(
      `${(reports.at(-1) as { step: number }).step.toLocaleString('en-US')}`,
    );
    const [events] = readdirSync(board);
    const tags = readFileSync(join(board, events), 'latin1').match(/train\/nats_per_char/g);
    expect(tags).toHaveLength(reports.length);
  });
});

describe.concurrent('train --config', () => {
  it('takes options from a JSON file, and those given beside it win', async () => {
    const [config, saved] = [path('config.json'), path('configured.safetensors')];
    const options = {
      hiddenSize: 6,
      'seq-length': 9,
      steps: 12,
      'learning-rate': 0.05,
      quiet: true,
      checkpoint: saved,
    };
    writeFileSync(config, JSON.stringify(options));
    const { stdout } = await succeed('train', text, '--config', config, '--seq-length', '11', '--backend', 'pure');
    expect(stdout).toBe('');
    const kept = (await loadCheckpoint(saved)).options;
    expect(kept).toMatchObject({ hiddenSize: 6, seqLength: 11, steps: 12, learningRate: 0.05 });
  });
});

describe.concurrent('train --encoding bytes', () => {
  it('learns from any file, resumes exactly and generates bytes of it', async () => {
    const [file, saved] = [path('random.bin'), path('bytes.safetensors')];
    const bytes = Buffer.from(Array.from({ length: 2000 }, (_, i) => (i * 73 + (i >> 4) * 151) % 256));
    writeFileSync(file, bytes);
    const args = [...SMALL, '--encoding', 'bytes', '--steps', '20', '--checkpoint', saved];
    expect((await trainJson(file, ...args)).at(-1)).toMatchObject({ type: 'end', step: 20 });
    expect((await loadCheckpoint(saved)).vocabulary.symbols).toEqual([...new Set(bytes)].sort((a, b) => a - b));
    expect((await trainJson(file, '--resume', saved, '--steps', '30')).at(-1)).toMatchObject({ step: 30 });
    const sampled = await succeed('sample', saved, '--length', '300', '--seed', '1');
    expect(sampled.bytes.length).toBe(300);
    expect(sampled.bytes.every((byte) => bytes.includes(byte))).toBe(true);
  });

  it('is the advice for a file that is no text', async () => {
    const file = path('no-text.bin');
    writeFileSync(file, Buffer.from([0x61, 0xff, 0x62]));
    const { code, stderr } = await run(['train', file, '--checkpoint', path('never')]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('0xFF at offset 1')]);
    expect(stderr).toContain('--encoding bytes');
    expect(existsSync(path('never'))).toBe(false);
  });
});

describe.concurrent('train without a text', () => {
  it('learns from the one that comes with it', async () => {
    const { stdout } = await succeed('train', ...SMALL, '--steps', '2', '--backend', 'pure', '--json');
    expect(eventsIn(stdout).at(-1)).toMatchObject({ type: 'end', step: 2 });
  });
});
