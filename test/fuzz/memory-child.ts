/** Loads a checkpoint in a process of its own: `memory-child.ts PATH` prints what came of it and what memory it took. */
import { loadCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { failureLine } from '../../src/cli/failure.js';
import { UserError } from '../../src/errors.js';

const [path] = process.argv.slice(2);
const before = process.memoryUsage.rss();
let outcome = 'taken';
try {
  await loadCheckpoint(path);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  outcome = failureLine(error);
}
// maxRSS is in KiB.
console.log(JSON.stringify({ outcome, grownMiB: (process.resourceUsage().maxRSS * 1024 - before) / 2 ** 20 }));
