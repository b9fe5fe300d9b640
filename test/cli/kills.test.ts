import { expect, it, vi } from 'vitest';
import { EVERY, killOften } from '../../scripts/stress/kills.js';
import { scratchFolder } from '../scratch-folder.js';

// The same processes as the script starts, but of the program as it was compiled for all tests.
vi.mock('../../scripts/stress/from-sources.js', async () => {
  const { programWith } = await import('./processes.js');
  return { fromSources: programWith };
});

it('a run that is killed at random moments, also while saving, loses no more than the steps since a save', async () => {
  const { kills, mostLost, swept, unswept, duringSave, step } = await killOften(8, scratchFolder());
  expect({ kills, unswept }).toEqual({ kills: 8, unswept: 0 });
  expect(mostLost).toBeLessThanOrEqual(EVERY);
  expect(step).toBeGreaterThan(8 * EVERY);
  // No run came after the last kill to remove what it left.
  expect(swept).toBeGreaterThanOrEqual(duringSave - 1);
}, 300_000);
