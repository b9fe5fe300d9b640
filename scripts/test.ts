/**
 * `npm test [filter ...]`: sets up the native library, so that every backend is tested, runs the tests, says why tests
 * were skipped and what to do for them to run, one line a reason, and closes with one line, "N passed, N failed, N
 * skipped". Without the library the tests of its backend are skipped; where CI is set that is a failure.
 */
import process from 'node:process';
import { startVitest, type TestCase } from 'vitest/node';
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
const tests = modules.flatMap((module) => [...module.children.allTests()]);
const inState = (state: string) => tests.filter((test) => test.result().state === state);
const count = (state: string) => inState(state).length;
// A file that fails to load has no tests to count, but counts as a failure.
const broken = modules.filter(
  (module) => module.state() === 'failed' && [...module.children.allTests('failed')].length === 0,
);
const failed = count('failed') + broken.length + vitest.state.getUnhandledErrors().length;
await vitest.close();
for (const [reason, times] of timesOf(inState('skipped').map(whySkipped))) {
  process.stdout.write(`${times} skipped: ${reason}\n`);
}
process.stdout.write(`${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped\n`);
process.exitCode = failed === 0 && count('passed') > 0 ? 0 : 1;

/** What a test says itself, or its title or one around it: "... (skipped: why; what to do)". */
function whySkipped(test: TestCase): string {
  const result = test.result();
  const said = result.state === 'skipped' ? result.note : undefined;
  const titles: string[] = [];
  for (let node: TestCase | TestCase['parent'] = test; 'name' in node; node = node.parent) titles.push(node.name);
  const reasons = titles.flatMap((title) => /\(skipped: (.*)\)$/s.exec(title)?.[1] ?? []);
  return (said ?? reasons.at(-1) ?? 'not for this system, or not selected').replace(/\s+/g, ' ');
}

/** How often each value comes. */
function timesOf(values: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  return times;
}
