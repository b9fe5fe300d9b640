import { describe, expect, it } from 'vitest';
import { eventsIn, linesIn, sharedFolder, SMALL, succeed, withoutTensorflow } from './processes.js';

const { text } = sharedFolder();
const train = ['train', text, ...SMALL, '--steps', '40', '--report-every', '7', '--sample-every', '9', '--json'];

/** What a run says of its machine, and its reports and samples without what depends on the clock. */
async function runWith(...options: string[]) {
  const { stdout } = await succeed(...train, ...options);
  const events = eventsIn(stdout).filter(({ type }) => type === 'report' || type === 'sample');
  const seen = events.map((event) => ({ ...event, charsPerSecond: 0, elapsedSeconds: 0 }));
  const [{ text: runtime }] = linesIn(stdout);
  return { seen, runtime };
}

describe.concurrent('a run on wasm', () => {
  it('reports the same however many windows a call computes', async () => {
    const [one, three] = [await runWith('--backend', 'wasm', '--windows-per-call', '1'), await runWith('--backend', 'wasm', '--windows-per-call', '3')]; // prettier-ignore
    expect(three.seen).toEqual(one.seen);
  });

  it('is op by op where it is not to be compiled', async () => {
    expect((await runWith('--backend', 'wasm')).runtime).toMatch(/^wasm: .*recorded/);
    expect((await runWith('--backend', 'wasm', '--no-compile')).runtime).toMatch(/^wasm: .*op by op/);
  });
});

describe.skipIf(withoutTensorflow.skip)(`a run on tensorflow${withoutTensorflow.title}`, () => {
  it('is traced into one graph, or op by op where it is not to be compiled', async () => {
    expect((await runWith('--backend', 'tensorflow')).runtime).toMatch(/^tensorflow: .*one traced graph, 1 thread/);
    const plain = await runWith('--backend', 'tensorflow', '--no-compile');
    expect(plain.runtime).toMatch(/^tensorflow: .*op by op/);
  });

  it('has the threads that it is given', async () => {
    const { runtime } = await runWith('--backend', 'tensorflow', '--batch-size', '3', '--threads', '3');
    expect(runtime).toMatch(/3 threads/);
  });
});
