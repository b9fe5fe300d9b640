import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { encodeSafetensors, decodeSafetensors } from '../../src/checkpoint/safetensors.js';
import { encodeCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { JsonDisplay } from '../../src/cli/display/json-display.js';
import { checkpointJson, checkpointLines } from '../../src/cli/display/checkpoint-lines.js';
import { describeEvaluation } from '../../src/cli/display/summary.js';
import { evaluateTexts } from '../../src/run/evaluation.js';
import { failureLine } from '../../src/cli/failure.js';
import { planRun } from '../../src/run/plan.js';
import { Sink } from '../../src/cli/display/sink.js';
import { corpusFromBytes } from '../../src/corpus/corpus.js';
import { UserError } from '../../src/errors.js';
import { scratchFolder } from '../scratch-folder.js';
import { smallCheckpoint } from '../checkpoint/small-checkpoint.js';
import { parse, refusal } from '../cli/grammar/stubbed-parser.js';

/** Sets a terminal's title, clears it, starts a command in the 8-bit set, rings, breaks the line, turns text around. */
const HOSTILE = '\u001b]0;owned\u0007\u001b[2J\u009b31m\r\n\u2028\u202etxt.exe';

/** All that may leave for a terminal: no control character but the newline, nothing that breaks or turns a line. */
// eslint-disable-next-line no-control-regex -- these are the characters in question
const SAFE = /^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$/;

/** What a command writes to a stream that is no terminal. */
async function written(command: (out: PassThrough) => Promise<void>): Promise<string> {
  const out = new PassThrough();
  const all = text(out);
  await command(out);
  out.end();
  return all;
}

/** A checkpoint whose name, text's name and hash all try to command a terminal. */
async function hostileCheckpoint(): Promise<string> {
  const checkpoint = smallCheckpoint();
  const path = join(scratchFolder(), `a${HOSTILE.replace('/', '')}.safetensors`);
  await saveCheckpoint(path, { ...checkpoint, corpus: { ...checkpoint.corpus, name: HOSTILE, hash: HOSTILE } });
  return path;
}

/** The one line that a failing command would print. */
async function lineOf(failing: Promise<unknown>): Promise<string> {
  try {
    await failing;
  } catch (error) {
    if (error instanceof UserError) return failureLine(error);
    throw error;
  }
  throw new Error('it did not fail');
}

it('no name in a checkpoint, and none of a file, commands the terminal', async () => {
  const path = await hostileCheckpoint();
  const checkpoint = await loadCheckpoint(path);
  const shown = checkpointLines(path, checkpoint).join('\n');
  expect(shown).toMatch(SAFE);
  expect(shown).toContain('\\x1b]0;owned\\x07');
  expect(shown.split('\n').filter((line) => line.includes('steps in'))).toHaveLength(1);
  const json = checkpointJson(checkpoint);
  expect(json).toMatch(SAFE);
  expect((JSON.parse(json) as Checkpoint).corpus.name).toBe(HOSTILE);
  const folder = scratchFolder();
  const corpus = join(folder, HOSTILE);
  writeFileSync(corpus, '\na\nä\n😀');
  const result = describeEvaluation(await evaluateTexts(checkpoint, [corpus], { backend: 'pure' }, () => {}));
  expect(result).toMatch(SAFE);
  expect(result).toContain('nats/char');
});

it('neither do those in refusals, which stay one line of bounded length', async () => {
  const path = await hostileCheckpoint();
  const resumed = await lineOf(planRun({ resume: path }));
  const missing = await lineOf(loadCheckpoint(`${HOSTILE.repeat(2000)}`));
  const corpus = await lineOf(Promise.resolve().then(() => corpusFromBytes(new Uint8Array(), HOSTILE, 'bytes')));
  for (const line of [resumed, missing, corpus]) {
    expect(line).toMatch(SAFE);
    expect(line).not.toContain('\n');
    expect(line.length).toBeLessThan(10_000);
  }
});

it('what a model generates commands no terminal, and goes into a pipe as it is', async () => {
  const chunks: (Buffer | string)[] = [];
  const stream = (isTTY: boolean) =>
    Object.assign(new PassThrough(), { isTTY, write: (chunk: Buffer | string) => chunks.push(chunk) > 0 });
  const bytes = Buffer.from(`ä${HOSTILE}€`);
  for (const isTTY of [true, false]) {
    const sink = new Sink(stream(isTTY) as unknown as NodeJS.WriteStream);
    // Byte by byte, as a model of bytes writes: no character is torn apart.
    for (const byte of bytes) await sink.write(Uint8Array.of(byte));
    await sink.flush();
    const all = chunks.splice(0);
    if (isTTY) expect(all.join('')).toBe('ä\\x1b]0;owned\\x07\\x1b[2J\\x9b31m\n\u2028\\u{202e}txt.exe€');
    else expect(Buffer.concat(all as Buffer[])).toEqual(bytes);
  }
});

it('a line of --json is safe for a terminal and still says the same', async () => {
  const line = await written((out) => Promise.resolve(new JsonDisplay(out).note(HOSTILE)));
  expect(line).toMatch(SAFE);
  expect(JSON.parse(line)).toEqual({ type: 'note', text: HOSTILE });
});

it('the file that a checkpoint names is never opened, also where it would fit', async () => {
  const folder = scratchFolder();
  const [corpus, pipe, other] = ['corpus.txt', 'pipe', 'other.txt'].map((name) => join(folder, name));
  const bytes = Buffer.from('a\nä😀'.repeat(100));
  writeFileSync(corpus, bytes);
  writeFileSync(other, `${bytes.toString()}a`);
  const checkpoint = smallCheckpoint();
  const { hash } = corpusFromBytes(bytes, corpus, 'utf-8');
  const resume = join(folder, 'run.safetensors');
  const save = (name: string) =>
    saveCheckpoint(resume, { ...checkpoint, corpus: { ...checkpoint.corpus, name, hash } });
  await save(corpus);
  // Without a text on the command line it is the built-in one, not the one that the checkpoint names.
  expect(await lineOf(planRun({ resume }))).toMatch(/must continue with the text .*, but no text was named; name it/);
  // Opening a pipe without a writer would never end.
  if (process.platform === 'win32') return;
  execFileSync('mkfifo', [pipe]);
  await save(pipe);
  expect(await lineOf(planRun({ resume, corpus: [other] }))).toContain(`differs from it`);
  expect((await planRun({ resume, corpus: [corpus] })).corpus.name).toBe(corpus);
});

it('a checkpoint must be a plain file: a device or a pipe could be endless', async () => {
  const folder = scratchFolder();
  mkdirSync(join(folder, 'folder'));
  expect(await lineOf(loadCheckpoint(join(folder, 'folder')))).toContain('it must be a plain file, but is not');
  if (process.platform === 'win32') return;
  expect(await lineOf(loadCheckpoint('/dev/zero'))).toContain('it must be a plain file, but is not');
  expect(await refusal('train', '--config', '/dev/zero')).toContain('it is longer than 1048576 bytes');
});

it('no name in a file reaches a prototype', async () => {
  const folder = scratchFolder();
  const config = join(folder, 'config.json');
  writeFileSync(config, '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
  expect(await refusal('train', '--config', config)).toMatch(/but '__proto__' is none/);
  expect(await refusal('train', '--__proto__.polluted=1')).toMatch(/has no option --__proto__\.polluted/);
  const { tensors, metadata } = decodeSafetensors(encodeCheckpoint(smallCheckpoint()), 'x');
  for (const entry of ['options', 'run', 'corpus']) {
    const own = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},';
    metadata[entry] = metadata[entry].replace('{', own);
  }
  const path = join(folder, 'run.safetensors');
  writeFileSync(path, encodeSafetensors(tensors, metadata));
  const checkpoint = await loadCheckpoint(path);
  for (const value of [{}, checkpoint.options, checkpoint.run, checkpoint.corpus, await parse('train', '--quiet')]) {
    expect('polluted' in value).toBe(false);
    expect(Object.keys(value)).not.toContain('constructor');
  }
});
