import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { TensorBoardWriter } from '../../src/metrics/tensorboard.js';
import { pythonWith, whyNoPython } from '../python-venv.js';
import { scratchFolder } from '../scratch-folder.js';

const packages = ['tensorboard'];
const python = pythonWith(packages);

/** Step, value (null where not a number) and wall time of each point, by tag. */
type Scalars = Record<string, [number, number | null, number][]>;

function readByTensorBoard(folder: string): Scalars {
  const reader = fileURLToPath(new URL('read_events.py', import.meta.url));
  return JSON.parse(execFileSync(python ?? 'python3', [reader, folder]).toString()) as Scalars;
}

/** The messages in an event file, without their frames. */
function recordsIn(bytes: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    records.push(bytes.subarray(at + 12, at + 12 + length));
    at += 12 + length + 4;
  }
  return records;
}

describe('an event file', () => {
  it('begins with the bytes that TensorFlow begins its own with', async () => {
    const writer = await TensorBoardWriter.open(scratchFolder(), 0, 0);
    await writer.flush();
    const bytes = readFileSync(writer.path);
    expect(bytes.subarray(0, 12).toString('hex')).toBe('1800000000000000a37f4b22');
    expect(bytes.subarray(12, 36).toString('hex')).toBe(
      `09${'00'.repeat(8)}1a0d${Buffer.from('brain.Event:2').toString('hex')}`,
    );
  });

  it('says next from which step on its points count', async () => {
    const { path } = await TensorBoardWriter.open(scratchFolder(), 5, 0);
    const [version, start] = recordsIn(readFileSync(path));
    expect(version.toString('latin1')).toContain('brain.Event:2');
    // Wall time 0, step 5, a session log that starts.
    expect(start.toString('hex')).toBe(`09${'00'.repeat(8)}10053a020801`);
  });

  it('is named so that TensorBoard finds it, by second and machine', async () => {
    const writer = await TensorBoardWriter.open(scratchFolder(), 0, 1_700_000_000.9);
    await writer.flush();
    expect(basename(writer.path)).toMatch(/^events\.out\.tfevents\.1700000000\./);
    expect(writer.path).toContain(hostname());
  });

  it('has the time of now unless it is given', async () => {
    const before = Date.now() / 1000;
    const { path } = await TensorBoardWriter.open(scratchFolder());
    const [version] = recordsIn(readFileSync(path));
    expect(version.readDoubleLE(1)).toBeGreaterThan(before - 0.1);
    expect(version.readDoubleLE(1)).toBeLessThan(Date.now() / 1000 + 0.1);
  });

  it('is a new one each time, in a folder made for it', async () => {
    const folder = join(scratchFolder(), 'runs', 'first');
    for (const writer of [await TensorBoardWriter.open(folder, 0, 7), await TensorBoardWriter.open(folder, 0, 7)])
      await writer.flush();
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('is the same whether it is flushed after each point, without waiting, or at the end', async () => {
    const folder = scratchFolder();
    const [often, once] = [await TensorBoardWriter.open(folder, 0, 7), await TensorBoardWriter.open(folder, 0, 7)];
    const flushes = Array.from({ length: 3000 }, (_, step) => {
      for (const writer of [often, once]) writer.scalar('loss', 1 / (step + 1), step, step);
      return often.flush();
    });
    await Promise.all([...flushes, once.flush()]);
    expect(readFileSync(often.path)).toEqual(readFileSync(once.path));
  });

  it('is refused as a mistake of the user where no folder can be', async () => {
    const file = join(scratchFolder(), 'file');
    writeFileSync(file, '');
    await expect(TensorBoardWriter.open(file)).rejects.toThrow(UserError);
    await expect(TensorBoardWriter.open(file)).rejects.toThrow(`the TensorBoard folder '${file}' must be writable`);
  });
});

const title = "TensorBoard's own reader";
describe.skipIf(!python)(python ? title : `${title} (skipped: ${whyNoPython(packages)})`, () => {
  it('finds each tag, step, value and time', async () => {
    const folder = scratchFolder();
    const writer = await TensorBoardWriter.open(folder, 0, 1_700_000_000);
    writer.scalar('train/nats_per_char', 4.25, 0, 1_700_000_000.5);
    writer.scalar('train/nats_per_char', 1.5, 1, 1_700_000_001.25);
    writer.scalar('validation/nats_per_char', -0, 1, 1_700_000_002);
    await writer.flush();
    expect(readByTensorBoard(folder)).toEqual({
      'train/nats_per_char': [
        [0, 4.25, 1_700_000_000.5],
        [1, 1.5, 1_700_000_001.25],
      ],
      'validation/nats_per_char': [[1, -0, 1_700_000_002]],
    });
  });

  it('takes what JavaScript can hold: large steps, long and foreign tags, any number', async () => {
    const folder = scratchFolder();
    const tag = `Verlust, Übung/損失 ${'x'.repeat(300)}`;
    const writer = await TensorBoardWriter.open(folder);
    writer.scalar(tag, 0.1, 2 ** 40 + 1, 3);
    writer.scalar(tag, NaN, 2 ** 53 - 1, 4);
    await writer.flush();
    const points = (readByTensorBoard(folder)[tag] ?? []).map(([step, value]) => [step, value]);
    expect(points).toEqual([
      [2 ** 40 + 1, Math.fround(0.1)],
      [2 ** 53 - 1, null],
    ]);
  });

  it('joins the files of one folder, in the order in which they were opened', async () => {
    const folder = scratchFolder();
    for (const step of [0, 1, 2]) {
      const writer = await TensorBoardWriter.open(folder, step, 100 + step);
      writer.scalar('loss', step / 2, step, step);
      await writer.flush();
    }
    expect(readByTensorBoard(folder)).toEqual({
      loss: [
        [0, 0, 0],
        [1, 0.5, 1],
        [2, 1, 2],
      ],
    });
  });

  it('drops the points of an interrupted run that come again, and keeps those before them', async () => {
    const folder = scratchFolder();
    const [first, second] = [
      [1, 2, 3, 4],
      [3, 4, 5],
    ];
    for (const [opened, steps] of [first, second].entries()) {
      const writer = await TensorBoardWriter.open(folder, steps[0], 100 + opened);
      for (const step of steps) writer.scalar('loss', 10 * opened + step, step, step);
      await writer.flush();
    }
    const points = (readByTensorBoard(folder).loss ?? []).map(([step, value]) => [step, value]);
    expect(points).toEqual([
      [1, 1],
      [2, 2],
      [3, 13],
      [4, 14],
      [5, 15],
    ]);
  });
});
