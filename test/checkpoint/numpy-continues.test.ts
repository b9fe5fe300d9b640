import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadPure } from '../../src/backends/pure.js';
import { saveCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { pythonWith, whyNoPython } from '../python-venv.js';
import { eventsOf, partsOf, type Run, smallRun, textOf, throughFile, trainerOf } from '../trainer/runs.js';
import { scratchFolder } from '../scratch-folder.js';

const packages = ['numpy', 'safetensors'];
const python = pythonWith(packages);

/** Steps after the checkpoint, which both sides take. */
const AFTER = 50;

const options = { learningRate: 0.01, hiddenSize: 12, seqLength: 9, reportEvery: 1, sampleEvery: 0 };
const text = textOf(820, 3);
const { windowsPerEpoch } = partsOf(smallRun(options, text)).streams;

const title = 'a NumPy program';
describe.skipIf(!python)(python ? title : `${title} (skipped: ${whyNoPython(packages)})`, () => {
  it.each([windowsPerEpoch - 20, windowsPerEpoch])(
    'goes on with our checkpoint of step %i, over the end of the text, and gets our losses',
    async (before) => {
      const run = smallRun({ ...options, steps: before + AFTER }, text);
      const folder = scratchFolder();
      const ours = await runWithCheckpoint(run, before, folder);
      const theirs = goOnInPython(folder);
      expect(theirs.length).toBe(AFTER);
      theirs.forEach((loss, i) => expect(Math.abs(ours[i] / loss - 1), `step ${before + i + 1}`).toBeLessThan(2e-5));
    },
  );
});

/** Writes the checkpoint of step `before` and its text into the folder; returns our own losses from there on. */
async function runWithCheckpoint(run: Run, before: number, folder: string): Promise<number[]> {
  const runtime = await loadPure();
  const trainer = trainerOf(runtime, run);
  await eventsOf(trainer, before);
  const checkpoint = throughFile(run, await trainer.snapshot());
  const position = partsOf(run).streams.positionAfter(before);
  const file = { ...checkpoint, corpus: { ...checkpoint.corpus, position } };
  await saveCheckpoint(join(folder, 'run.safetensors'), file);
  const { vocabulary, symbols } = run.corpus;
  writeFileSync(join(folder, 'text.txt'), vocabulary.decode(symbols));
  const events = await eventsOf(trainerOf(runtime, run, checkpoint));
  return events.flatMap((event) => (event.type === 'report' ? [event.loss] : []));
}

function goOnInPython(folder: string): number[] {
  const program = fileURLToPath(new URL('continue_numpy.py', import.meta.url));
  const files = ['run.safetensors', 'text.txt'].map((name) => join(folder, name));
  return JSON.parse(execFileSync(python ?? 'python3', [program, ...files, String(AFTER)]).toString()) as number[];
}
