import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { timed } from '../../src/bench/protocol.js';
import { compiled } from '../compiled.js';

it('the seconds of a round are those that its steps took, with what is awaited', async () => {
  const run = timed(async (steps) => {
    await setTimeout(10 * steps);
    return steps;
  });
  const start = performance.now();
  const { seconds, loss } = (await run('3')) as { seconds: number; loss: number };
  const around = (performance.now() - start) / 1000;
  expect(loss).toBe(3);
  // A timer may be a millisecond early; how late it is depends on the machine.
  expect(seconds).toBeGreaterThan(0.025);
  expect(seconds).toBeLessThanOrEqual(around);
});

it('a child whose harness is gone ends, even in the midst of a run', async () => {
  const protocol = compiled(new URL('../../src/bench/protocol.ts', import.meta.url));
  const program = `
    import { serve } from '${protocol}';
    const run = () => new Promise((resolve) => {
      setTimeout(resolve, 600_000);
      process.stderr.write('running');
    });
    await serve({ name: 'slow', version: '1', details: {} }, { run });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  try {
    child.stdin.write('run 1\n');
    await once(child.stderr, 'data');
    child.stdin.end();
    await once(child, 'exit');
  } finally {
    child.kill('SIGKILL');
  }
});
