/** Loads a checkpoint in a process of its own: `memory-child.js PATH` prints what came of it and what memory it took. */
import { readFileSync } from 'node:fs';
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
console.log(JSON.stringify({ outcome, grownMiB: (peakKib() * 1024 - before) / 2 ** 20 }));

/** The largest resident memory of this process. On Linux, maxRSS may be that of the process which started it. */
function peakKib(): number {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
}
