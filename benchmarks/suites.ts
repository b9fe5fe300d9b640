import { type Contestant, type Problem, runContest } from './contest.js';
import type { Machine } from './machine.js';
import { measureGemm } from './peers/gemm-peak.js';
import { rate, type SuiteResult } from './results.js';

/** What a suite is run with. */
export interface SuiteContext {
  readonly machine: Machine;
  readonly contestants: readonly Contestant[];
  /** The name of the contestant that ratios compare with. */
  readonly reference: string;
  readonly corpus: {
    readonly path: string;
    readonly name: string;
    readonly length: number;
    readonly vocabularySize: number;
  };
  readonly rounds: number;
  readonly secondsPerRound: number;
  readonly warmupSeconds: number;
  readonly report: (line: string) => void;
}

/** The specification's size and learning rate. */
const SPECIFICATION: Problem = { batchSize: 1, hiddenSize: 100, seqLength: 25, learningRate: 0.1 };

/** Sizes at which matrix products, not calls, take the time; the rate keeps the loss finite (0.1 diverges there). */
const LARGE: readonly Problem[] = [
  { batchSize: 32, hiddenSize: 100, seqLength: 25, learningRate: 0.02 },
  { batchSize: 32, hiddenSize: 256, seqLength: 64, learningRate: 0.02 },
  { batchSize: 64, hiddenSize: 512, seqLength: 64, learningRate: 0.02 },
];

/** Every suite by its name. */
export const SUITES = {
  step: (context: SuiteContext) => trainingSuite('step', [SPECIFICATION], context),
  throughput: async (context: SuiteContext) => {
    const gemm = await measureGemm();
    return { ...(await trainingSuite('throughput', LARGE, context)), gemm };
  },
} as const satisfies Record<string, (context: SuiteContext) => Promise<SuiteResult>>;

/** The name of a suite. */
export type SuiteName = keyof typeof SUITES;

async function trainingSuite(suite: string, problems: readonly Problem[], context: SuiteContext): Promise<SuiteResult> {
  const { machine, reference } = context;
  const { path, ...corpus } = context.corpus;
  const results = await runContest({ ...context, problems, corpus: path });
  const rated = results.map((result) => rate(result, reference, corpus.vocabularySize));
  return { suite, date: new Date().toISOString(), machine, corpus, reference, problems: rated };
}
