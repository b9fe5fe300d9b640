import { expect, it } from 'vitest';
import { learningTable, type Trial } from '../../benchmarks/learning-table.js';

const trial = (seed: number, changes: Partial<Trial> = {}): Trial => ({
  ...{ program: 'min-char-rnn', settings: '--seq-length 8', seed, steps: 1000, validation: 2 + seed / 10 },
  ...{ training: 1.5 + seed / 10, badStarts: seed, places: 200, ...changes },
});

it('has a row for the seeds of the same settings, steps and program: mean, lowest, highest and the sum of bad starts', () => {
  const trials = [trial(3), trial(1), trial(2, { steps: 500 }), trial(2), trial(4, { program: 'other' })];
  expect(learningTable(trials).rows).toEqual([
    ['--seq-length 8', 'min-char-rnn', '1,000', '3', '2.200', '2.100', '2.300', '1.700', '6 of 600'],
    ['--seq-length 8', 'min-char-rnn', '500', '1', '2.200', '2.200', '2.200', '1.700', '2 of 200'],
    ['--seq-length 8', 'other', '1,000', '1', '2.400', '2.400', '2.400', '1.900', '4 of 200'],
  ]);
});

it('has a head as long as its rows', () => {
  const { head, rows } = learningTable([trial(1)]);
  expect(rows[0]).toHaveLength(head.length);
});
