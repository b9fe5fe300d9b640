import fc from 'fast-check';
import { expect, it } from 'vitest';
import { assign, type Member } from '../../src/cluster/team.js';

/** A member of whom only the threads count here. */
const member = (threads: number) => ({ threads }) as Member;

const threads = fc.integer({ min: 1, max: 64 });
const teams = fc.record({
  own: threads,
  others: fc.array(threads, { maxLength: 5 }),
  shards: fc.integer({ min: 1, max: 200 }),
});

it('gives every shard to one machine, in a row each, this one first', () => {
  fc.assert(
    fc.property(teams, ({ own, others, shards }) => {
      const assignment = assign({ shards }, own, others.map(member));
      const parts = [...(assignment.own ? [assignment.own] : []), ...assignment.others.map(({ part }) => part)];
      const computed = parts.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, i) => first + i));
      expect(computed).toEqual([...Array(shards).keys()]);
    }),
  );
});

it('gives each as many shards as it has threads where there are as many', () => {
  const members = [3, 1, 8].map(member);
  const { own, others } = assign({ shards: 14 }, 2, members);
  expect(own).toEqual({ first: 0, end: 2 });
  expect(others.map(({ part }) => part.end - part.first)).toEqual([3, 1, 8]);
  expect(others.map((other) => other.member)).toEqual(members);
});
