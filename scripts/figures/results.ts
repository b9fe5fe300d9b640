import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Trial } from '../../benchmarks/learning-table.js';
import type { Row } from '../stress/signal-report.js';

/** One contestant of a suite; without a time where it was absent. */
export interface Contestant {
  readonly contestant: string;
  readonly msPerStep?: { readonly median: number };
  readonly ratio?: number;
}

/** What one size came to. */
export interface Problem {
  /** B=1 H=100 T=25 */
  readonly title: string;
  readonly rows: readonly Contestant[];
}

/** Where and on what a suite ran. */
interface Circumstances {
  readonly date: string;
  readonly machine: { readonly cpu: string; readonly cores: number };
  readonly corpus: { readonly name: string; readonly length: number; readonly vocabularySize: number };
}

/** A loss on text that was not trained on. */
interface Point {
  readonly seconds: number;
  readonly steps: number;
  readonly natsPerChar: number;
}

/** The parts of the committed results that pages quote. */
export interface Results {
  readonly step: Circumstances & { readonly problems: readonly [Problem] };
  readonly throughput: Circumstances & { readonly problems: readonly Problem[] };
  readonly quality: Circumstances & {
    readonly curves: readonly { readonly name: string; readonly points?: readonly Point[] }[];
    /** The values of --preset fast that were measured; files from before it was kept lack them. */
    readonly preset?: object;
  };
  readonly backends: Circumstances & {
    readonly rules: readonly { readonly worst: number; readonly mean: number }[];
  };
  readonly corpus: Circumstances & {
    readonly starts: readonly {
      readonly textMiB: number;
      readonly cache: 'none' | 'kept' | 'used again';
      readonly seconds: { readonly median: number };
      readonly peak: { readonly median: number };
    }[];
  };
  readonly memory: {
    readonly runs: readonly {
      readonly name: string;
      readonly first: { readonly step: number; readonly tensors: number; readonly resident: number };
      readonly last: { readonly step: number; readonly tensors: number; readonly resident: number };
      readonly tensorDeviation: number;
      readonly residentDeviation: number;
    }[];
  };
  readonly signals: { readonly rows: readonly Row[] };
  readonly sample: {
    readonly machine: { readonly cpu: string; readonly cores: number };
    readonly train: string;
    readonly sample: string;
    readonly steps: number;
    readonly seconds: number;
    readonly natsPerChar: number;
    readonly text: string;
  };
  readonly learning: readonly Trial[];
  /** The metrics of the preset's run of 15 minutes. */
  readonly curve: readonly CurveRecord[];
  /** A suite's report as Markdown; undefined where none is committed. */
  readonly report: (suite: string) => string | undefined;
}

/** What of a line of metrics is quoted. */
export interface CurveRecord {
  readonly type: string;
  readonly step: number;
  /** Of reports. */
  readonly epoch?: number;
  /** Of reports, smoothed, and of validation. */
  readonly natsPerChar: number;
}

const RESULTS = join(import.meta.dirname, '../../benchmarks/results');
const textOf = (name: string) => readFileSync(join(RESULTS, name), 'utf8');
const jsonOf = (name: string): unknown => JSON.parse(textOf(`${name}.json`));
const linesOf = (name: string): unknown[] => {
  const lines = textOf(`${name}.jsonl`).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as unknown);
};

/** The committed results. */
export function readResults(): Results {
  const names = ['step', 'throughput', 'quality', 'backends', 'corpus', 'memory', 'signals', 'sample'] as const;
  // The suites write these files; what a page quotes of them is missing from it if they change.
  const suites = Object.fromEntries(names.map((name) => [name, jsonOf(name)])) as unknown as Pick<
    Results,
    (typeof names)[number]
  >;
  return {
    ...suites,
    learning: linesOf('learning') as Trial[],
    curve: linesOf('fast-15-minutes') as CurveRecord[],
    report: (suite) => (existsSync(join(RESULTS, `${suite}.md`)) ? textOf(`${suite}.md`).trim() : undefined),
  };
}
