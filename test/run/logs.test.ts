import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { type RunLog, RunLogs, TensorBoardLog } from '../../src/run/logs.js';
import type { Report } from '../../src/trainer/events.js';
import { scratchFolder } from '../scratch-folder.js';

const rates = { learningRate: 0.05, charsPerSecond: 500 };
const losses = { loss: 50, smoothLoss: 60, natsPerChar: 2, bitsPerChar: 2.9 };
const report: Report = {
  type: 'report',
  step: 20,
  epoch: 0.5,
  characters: 500,
  elapsedSeconds: 1,
  ...losses,
  ...rates,
};
const validation = { type: 'validation', step: 20, natsPerChar: 2, bitsPerChar: 2.9, best: true } as const;

it('has each point for TensorBoard in the file at once, so that a run that is killed later loses none', async () => {
  const folder = scratchFolder();
  const log = await TensorBoardLog.open(folder, 0);
  const tags = () => readFileSync(join(folder, readdirSync(folder)[0]), 'latin1').match(/[a-z]+\/[a-z_]+/g) ?? [];
  await log.event(report);
  const ofReport = ['train/nats_per_char', 'train/bits_per_char', 'train/learning_rate', 'speed/chars_per_second'];
  expect(tags()).toEqual(ofReport);
  await log.event(validation);
  expect(tags()).toEqual([...ofReport, 'validation/nats_per_char', 'validation/bits_per_char']);
});

describe('logs side by side', () => {
  const full = new UserError('the disk must have room');
  const log = (problem?: Error): RunLog & { events: number } => ({
    events: 0,
    event() {
      this.events++;
      return problem ? Promise.reject(problem) : Promise.resolve();
    },
    close: () => (problem ? Promise.reject(problem) : Promise.resolve()),
  });
  const history = { training: [], validation: [] };

  it('warn once of each that cannot be written, go on with all, and say at the end what is missing', async () => {
    const [good, bad, worse] = [log(), log(full), log(new UserError('the folder must be there'))];
    const warnings: string[] = [];
    const logs = new RunLogs([bad, good, worse], (line) => warnings.push(line));
    for (let i = 0; i < 3; i++) await logs.event(report);
    const rest = '; training continues, what is missing is added later';
    expect(warnings).toEqual([`warning: ${full.message}${rest}`, `warning: the folder must be there${rest}`]);
    expect([good, bad, worse].map(({ events }) => events)).toEqual([3, 3, 3]);
    expect(await logs.close(history)).toEqual([full.message, 'the folder must be there']);
  });

  it('pass on what is no mistake of the user', async () => {
    const logs = new RunLogs([log(new TypeError('a bug'))], () => undefined);
    await expect(logs.event(report)).rejects.toThrow('a bug');
    await expect(logs.close(history)).rejects.toThrow('a bug');
  });
});
