import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TensorBoardLog } from '../../src/run/logs.js';
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
