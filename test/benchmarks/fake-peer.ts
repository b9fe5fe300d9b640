// A contestant for the tests of the harness: its steps take, by its own account, a known time. It really takes none, so
// that what is calculated from the times is exact on however busy a machine.
import { appendFileSync } from 'node:fs';
import { parseChildArguments } from '../../benchmarks/settings.js';
import { serve, tellAbsent } from '../../src/bench/protocol.js';

const FLAGS = ['ms', 'overhead-ms', 'windows-per-call', 'log', 'absent', 'fail-in-run', 'hiccup-in-run'] as const;

const { settings, own } = parseChildArguments(process.argv.slice(2), FLAGS);
const ms = Number(own.ms ?? 1);
/** What a run costs besides its steps. */
const overheadMs = Number(own['overhead-ms'] ?? 0);
const failInRun = Number(own['fail-in-run'] ?? Infinity);
/** A run that takes a second longer. */
const hiccupInRun = Number(own['hiccup-in-run']);
let runs = 0;

function run(words: string): object {
  const steps = Number(words);
  if (++runs === failInRun) {
    console.error('the spring is broken');
    process.exit(3);
  }
  if (own.log) appendFileSync(own.log, `${ms}x${steps} `);
  const hiccup = runs === hiccupInRun ? 1 : 0;
  return { seconds: (overheadMs + ms * steps) / 1000 + hiccup, loss: steps };
}

if (own.absent) tellAbsent(own.absent);
else {
  console.log('a library that says hello on standard output');
  const windowsPerCall = Number(own['windows-per-call'] ?? 1);
  const { hiddenSize, corpus } = settings;
  const details = { ms, hiddenSize, corpus, windowsPerCall };
  await serve({ name: 'metronome', version: '1.0', details }, { run });
}
