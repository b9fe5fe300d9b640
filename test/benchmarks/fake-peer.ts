// A contestant for the tests of the harness: it "trains" by sleeping a known time.
import { appendFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { parseChildArguments, serve, tellAbsent } from '../../benchmarks/protocol.js';

const { settings, own } = parseChildArguments(process.argv.slice(2), ['ms', 'log', 'absent', 'fail-in-run']);
const ms = Number(own.ms ?? 1);
const failInRun = Number(own['fail-in-run'] ?? Infinity);
let runs = 0;

if (own.absent) tellAbsent(own.absent);
else {
  console.log('a library that says hello on standard output');
  const details = { ms, hiddenSize: settings.hiddenSize };
  await serve({ name: 'sleeper', version: '1.0', details }, async (steps) => {
    if (++runs === failInRun) {
      console.error('no more sheep');
      process.exit(3);
    }
    if (own.log) appendFileSync(own.log, `${ms}x${steps} `);
    await setTimeout(ms * steps);
    return steps;
  });
}
