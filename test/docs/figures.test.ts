import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BLOCKS } from '../../scripts/figures/blocks.js';
import { figuresOf, writtenPage } from '../../scripts/figures/page.js';
import { readResults, type Results } from '../../scripts/figures/results.js';
import { swingIn } from '../../scripts/figures/swing.js';
import { documentation, page, ROOT } from './pages.js';

const results = readResults();
const written = (path: string, from: Results) => writtenPage(join(ROOT, path), page(path).text, from);

it.each(documentation().map(({ path, text }) => [path, text] as const))(
  'the figures of %s are those of the committed results (npm run figures)',
  async (path, text) => expect(await written(path, results)).toBe(text),
);

it('every figure stands on a page', () => {
  const used = documentation().flatMap(({ text }) => figuresOf(text));
  expect(Object.keys(BLOCKS).filter((name) => !used.includes(name))).toEqual([]);
});

it('other results make other figures', async () => {
  const [problem] = results.step.problems;
  const rows = problem.rows.map((row) => ({ ...row, msPerStep: { median: 1234 } }));
  const slower = { ...results, step: { ...results.step, problems: [{ ...problem, rows }] as const } };
  expect(await written('README.md', slower)).toContain('1,234');
});

it('a contestant that was absent is said to be', async () => {
  const [problem] = results.step.problems;
  const rows = problem.rows.filter(({ contestant }) => contestant !== 'PyTorch nn.RNN');
  const without = { ...results, step: { ...results.step, problems: [{ ...problem, rows }] as const } };
  expect(await written('README.md', without)).toMatch(/PyTorch `nn.RNN` +\| +absent/);
});

it('a suite of which no result is committed is said to have none', async () => {
  const page = await written('docs/benchmarks.md', { ...results, report: () => undefined });
  expect(page).toContain('No result is committed yet: `npm run bench -- cluster` measures.');
});

it('how validation swings within an epoch is found beside a falling curve', () => {
  const reports = [{ type: 'report', step: 9000, epoch: 100, natsPerChar: 0 }];
  // Nine measurements an epoch of 90 steps, the last of which is 0.9 lower: the mean of any nine is by 0.1.
  const validations = Array.from({ length: 900 }, (_, i) => {
    const step = 10 * (i + 1) - 5;
    return { type: 'validation', step, natsPerChar: 2 - step / 10_000 - (i % 9 === 8 ? 0.9 : 0) };
  });
  const { end, middle } = swingIn([...reports, ...validations]);
  expect(end).toBeCloseTo(-0.8, 2);
  expect(middle).toBeCloseTo(0.1, 2);
});
