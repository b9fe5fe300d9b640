import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChange, type Change, emptyRecord, merged, type RunRecord } from '../../src/dashboard/record.js';

const point = fc.tuple(fc.nat(), fc.nat(), fc.nat());
const change: fc.Arbitrary<Change> = fc.record(
  {
    activity: fc.constantFrom({ what: 'training', fraction: null }, { what: 'validating', fraction: 0.5 }),
    best: point,
    training: fc.array(point, { maxLength: 900 }),
    validation: fc.array(point, { maxLength: 3 }),
    samples: fc.array(fc.record({ step: fc.nat(), text: fc.string() }), { maxLength: 60 }),
    notes: fc.array(fc.string(), { maxLength: 60 }),
  },
  { requiredKeys: [] },
);

function recordAfter(changes: readonly Change[], record = emptyRecord()): RunRecord {
  for (const one of changes) applyChange(record, one);
  return record;
}

describe('the record of a run', () => {
  it('is the same wherever one begins to listen, and whether changes come one by one or together', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), fc.nat(8), (changes, start) => {
        const whole = recordAfter(changes);
        const late = structuredClone(recordAfter(changes.slice(0, start)));
        expect(recordAfter(changes.slice(start), late)).toEqual(whole);
        expect(recordAfter([changes.reduce(merged, {})])).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('stays small however long the run, keeps the first of everything and the newest', () => {
    const record = emptyRecord();
    for (let step = 0; step < 20_000; step++) {
      applyChange(record, { training: [[step, step, 1]], samples: [{ step, text: 'a' }], notes: [`${step}`] });
    }
    const { training, samples, notes } = record;
    expect(training.length).toBeLessThanOrEqual(2000);
    expect(samples.length).toBeLessThanOrEqual(128);
    expect(notes.length).toBeLessThanOrEqual(200);
    expect([training[0][0], samples[0].step, notes[0]]).toEqual([0, 0, '0']);
    expect([training.at(-1)?.[0], samples.at(-1)?.step, notes.at(-1)]).toEqual([19_999, 19_999, '19999']);
  });
});
