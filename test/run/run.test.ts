import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunRequest } from '../../src/run/plan.js';
import { runTraining } from '../../src/run/run.js';
import type { TrainingEvent } from '../../src/trainer/events.js';
import { scratchFolder } from '../scratch-folder.js';

/** A request for a short run on a text. */
function requestFor(text: string): RunRequest {
  const path = join(scratchFolder(), 'text.txt');
  writeFileSync(path, text);
  return { corpus: [path], steps: 30, hiddenSize: 4, seqLength: 5, reportEvery: 10, sampleEvery: 0, backend: 'pure' };
}

it('a run ends with its end, of which the listener hears as of all before', async () => {
  const events: TrainingEvent[] = [];
  const listener = { started() {}, event: (event: TrainingEvent) => void events.push(event), warn() {} };
  const outcome = await runTraining(requestFor('some words '.repeat(20)), listener);
  expect(outcome?.end).toMatchObject({ type: 'end', reason: 'limit', step: 30 });
  expect(outcome?.end).toBe(events.at(-1));
  expect(events.flatMap((event) => (event.type === 'report' ? [event.step] : []))).toEqual([10, 20, 30]);
});

it('a text of two different symbols is enough to learn from, and one of one is not', async () => {
  const listener = { started() {}, event() {}, warn() {} };
  await expect(runTraining(requestFor('ab'.repeat(40)), listener)).resolves.toBeDefined();
  await expect(runTraining(requestFor('a'.repeat(80)), listener)).rejects.toThrow(
    /^the text must have 2 different symbols or more to learn from, but '.*' has only one; use another text$/,
  );
});
