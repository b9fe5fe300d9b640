import type { Launch } from '../../src/bench/child.js';
import type { Contestant, Timing } from '../contest.js';

/** What a suite is run with. */
export interface SuiteContext {
  /** Just a look: fewer, shorter rounds and smaller problems. */
  readonly quick: boolean;
  readonly timing: Timing;
  /** Programs of other kinds, beside our own. */
  readonly peers: readonly Contestant[];
  /** The classic NumPy program in float64: alternatives, of which the fastest counts. */
  readonly numpy: readonly Launch[];
  /** A Python with PyTorch. */
  readonly torchPython: string;
  readonly corpus: { readonly path: string; readonly vocabularySize: number };
  /** Minutes of training of each contestant of `quality`. */
  readonly minutes: number;
  /** Steps of the traced run of `memory`. */
  readonly steps: number;
  /** A folder for temporary files. */
  readonly folder: string;
  /** Gets lines that say what is going on. */
  readonly report: (line: string) => void;
}
