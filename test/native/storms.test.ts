import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { MODEL, MODES, PROCESSORS } from '../../scripts/stress/modes.js';
import { hasTmux } from '../../scripts/stress/victim.js';
import { siege } from '../../scripts/stress/siege.js';
import { STORMS } from '../../scripts/stress/storms.js';
import { scratchFolder } from '../scratch-folder.js';
import { programWith, sharedFolder, withoutTensorflow } from '../cli/processes.js';

// The same processes as the script starts, but of the program as it was compiled for all tests.
vi.mock('../../scripts/stress/from-sources.js', async () => {
  const { programWith } = await import('../cli/processes.js');
  return { fromSources: programWith };
});

const SECONDS = 3;

const skip = withoutTensorflow.skip || process.platform !== 'linux';

describe.skipIf(skip)(
  `the program under signals${withoutTensorflow.title || (skip ? ' (skipped: there is no /proc; on Linux)' : '')}`,
  () => {
    const checkpoint = sharedFolder().path('model.safetensors');
    beforeAll(() => {
      const args = [
        'train',
        ...MODEL,
        '--backend',
        'tensorflow',
        '--steps',
        '5',
        '--quiet',
        '--checkpoint',
        checkpoint,
      ];
      execFileSync(process.execPath, programWith(args));
    });

    // Each storm over another mode; the script takes every storm over every mode, for longer.
    it.for(STORMS.map((storm, i) => ({ storm, mode: MODES[i], processor: PROCESSORS[i % 2] })))(
      '$storm.name: $mode.name runs to its end, on a processor $processor.name',
      { timeout: 300_000 },
      async ({ storm, mode, processor }, { skip }) => {
        if (storm.terminal && !hasTmux()) skip('tmux is not installed; install it');
        const request = { storm, mode, seconds: SECONDS, env: processor.env, checkpoint, folder: scratchFolder() };
        const { aborts, failures, sent, steps, characters } = await siege(request);
        expect({ aborts, failures }).toEqual({ aborts: [], failures: [] });
        expect(sent).toBeGreaterThan(0);
        if (storm.ending === 'SIGTERM') expect(steps + characters).toBeGreaterThan(0);
      },
    );
  },
);
