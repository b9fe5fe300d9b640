import { expect, it } from 'vitest';
import { EVERY, killOften } from '../../scripts/stress/kills.js';
import { scratchFolder } from '../scratch-folder.js';

it('a run that is killed at random moments, also while saving, loses no more than the steps since a save', async () => {
  const { kills, mostLost, swept, unswept, duringSave, step } = await killOften(8, scratchFolder());
  expect({ kills, unswept }).toEqual({ kills: 8, unswept: 0 });
  expect(mostLost).toBeLessThanOrEqual(EVERY);
  expect(step).toBeGreaterThan(8 * EVERY);
  // No run came after the last kill to remove what it left.
  expect(swept).toBeGreaterThanOrEqual(duringSave - 1);
}, 300_000);
