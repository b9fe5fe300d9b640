import { preferenceFor } from '../../src/backends/choose.js';
import { backendLaunch } from '../contestants/our-contestants.js';
import type { SuiteReport } from '../report.js';
import type { SuiteContext } from './context.js';
import { gridSuite, sizesOf } from './grid.js';
import type { BackendName } from '../../src/options/choices.js';

/** Those between which `--backend auto` chooses by the size; each with the threads and kernels that it takes by itself. */
const COMPARED: readonly { name: string; backend: BackendName }[] = [
  { name: 'wasm, recorded', backend: 'wasm' },
  { name: 'TensorFlow, traced', backend: 'tensorflow' },
];

const SIZES = sizesOf([1, 2, 4, 8, 16], [64, 100, 256, 512]);
const QUICK_SIZES = SIZES.filter(({ batchSize, hiddenSize }) => batchSize < 8 && hiddenSize < 500);

/** The grid of backends and sizes behind `SMALL_STEP`, and the rule that picks best between them. */
export function backendsSuite(context: SuiteContext): Promise<SuiteReport> {
  return gridSuite(context, {
    titles: { chart: 'Backends, T = 25', table: 'ms/step, T = 25' },
    contestants: COMPARED.map(({ name, backend }) => ({ name, launches: [backendLaunch(backend)] })),
    problems: context.quick ? QUICK_SIZES : SIZES,
    current: {
      name: 'as it is (choose.ts)',
      pick: (problem) => {
        const [first] = preferenceFor(problem).candidates;
        return COMPARED.findIndex(({ backend }) => backend === first.backend);
      },
    },
  });
}
