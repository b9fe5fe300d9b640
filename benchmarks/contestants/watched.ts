import { Dashboard } from '../../src/dashboard/dashboard.js';
import { assemblePage } from '../../src/pages/assemble.js';

/** Opens the dashboard of a contestant, as `train --dashboard` does for a run without limits. */
export async function openDashboard(corpus: string): Promise<Dashboard> {
  const html = await assemblePage('dashboard', { title: 'min-char-rnn', data: null });
  const dashboard = await Dashboard.open(0, html, (line) => process.stderr.write(`${line}\n`));
  dashboard.begin({
    description: { corpus, limits: '', options: [] },
    fractionDone: () => undefined,
    before: undefined,
  });
  return dashboard;
}

/** What work took: seconds by the clock, and seconds of processors that this process took, all its threads together. */
export async function costOf(work: () => Promise<unknown>): Promise<{ seconds: number; cpuSeconds: number }> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
}
