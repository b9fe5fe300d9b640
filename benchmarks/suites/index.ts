import type { SuiteReport } from '../report.js';
import { backendsSuite } from './backends.js';
import { clusterSuite } from './cluster.js';
import type { SuiteContext } from './context.js';
import { corpusSuite } from './corpus.js';
import { dashboardSuite } from './dashboard.js';
import { gpuSuite } from './gpu.js';
import { importSuite } from './import.js';
import { memorySuite } from './memory.js';
import { pageSuite } from './page.js';
import { qualitySuite } from './quality.js';
import { samplingSuite } from './sampling.js';
import { threadsSuite } from './threads.js';
import { stepSuite, throughputSuite } from './training.js';

interface Suite {
  /** What it measures, and how long that takes. */
  readonly describe: string;
  /** Runs where no suite is named. */
  readonly byDefault: boolean;
  readonly run: (context: SuiteContext) => Promise<SuiteReport>;
}

/** Every suite by its name. */
export const SUITES = {
  step: {
    describe: 'time of a training step at the default settings, ours beside the peers (2 minutes)',
    byDefault: true,
    run: stepSuite,
  },
  throughput: {
    describe: 'training speed at three larger sizes, beside the peers and the matrix product (7 minutes)',
    byDefault: true,
    run: throughputSuite,
  },
  sampling: {
    describe: 'speed of generating text, and what live samples cost (3 minutes)',
    byDefault: true,
    run: samplingSuite,
  },
  quality: {
    describe: 'validation loss against seconds of training, --minutes for each of four learners (25 minutes)',
    byDefault: false,
    run: qualitySuite,
  },
  corpus: {
    describe: 'a text of 1 GiB: seconds to the first step, peak memory, speed from a file and from memory (5 minutes)',
    byDefault: false,
    run: corpusSuite,
  },
  dashboard: {
    describe: 'what --dashboard takes of a trainer, without a browser and with one; needs a Chromium (2 minutes)',
    byDefault: false,
    run: dashboardSuite,
  },
  page: {
    describe: 'how long the page of a model takes to read a text; needs a Chromium (2 minutes)',
    byDefault: false,
    run: pageSuite,
  },
  memory: {
    describe: 'tensors and resident memory over --steps training steps (4 minutes)',
    byDefault: false,
    run: memorySuite,
  },
  import: {
    describe: 'time and memory of importing the library, beside an empty program (1 minute)',
    byDefault: false,
    run: importSuite,
  },
  threads: {
    describe: 'the grid of threads and kernels behind the choice of TensorFlow settings (6 minutes)',
    byDefault: false,
    run: threadsSuite,
  },
  backends: {
    describe: 'the grid of sizes behind the choice of --backend auto (5 minutes)',
    byDefault: false,
    run: backendsSuite,
  },
  cluster: {
    describe: 'training on two machines beside one, and from which size on more of them pay (4 minutes)',
    byDefault: false,
    run: clusterSuite,
  },
  gpu: {
    describe: 'training on a graphics card, beside PyTorch and the matrix product (40 minutes); not run on a card yet',
    byDefault: false,
    run: gpuSuite,
  },
} as const satisfies Record<string, Suite>;

/** The name of a suite. */
export type SuiteName = keyof typeof SUITES;
