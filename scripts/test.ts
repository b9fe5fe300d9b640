/**
 * `npm test [filter ...]`: sets up the native library, so that every backend is tested, then runs the tests and ends
 * with one line, "N passed, N failed, N skipped". Without the library the tests of its backend are skipped, each saying
 * why; where CI is set that is a failure.
 */
import process from 'node:process';
import { startVitest } from 'vitest/node';
import { runSetup } from '../src/cli/display/setup-screen.js';
import { messageOf } from '../src/errors.js';

const inCi = process.env.CI !== undefined && process.env.CI !== '';

try {
  await runSetup({ force: false }, process.stdout);
} catch (error) {
  if (inCi) throw error;
  process.stdout.write(`The native library could not be set up, its tests are skipped: ${messageOf(error)}\n`);
}

const vitest = await startVitest('test', process.argv.slice(2), { run: true, watch: false });
const modules = vitest.state.getTestModules();
const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
const count = (state: string) => states.filter((result) => result === state).length;
// A file that fails to load has no tests to count, but counts as a failure.
const broken = modules.filter(
  (module) => module.state() === 'failed' && [...module.children.allTests('failed')].length === 0,
);
const failed = count('failed') + broken.length + vitest.state.getUnhandledErrors().length;
await vitest.close();
process.stdout.write(`${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped\n`);
process.exitCode = failed === 0 && count('passed') > 0 ? 0 : 1;
