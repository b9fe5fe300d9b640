import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A mode that the program runs in. */
export interface Mode {
  name: string;
  /** Extra arguments of `train`; undefined for another command. */
  train?: readonly string[];
  /** The arguments of another command that runs to its end, given a checkpoint. */
  command?: (checkpoint: string) => readonly string[];
  /** What such a command does, in characters. */
  characters?: number;
}

const TEXT = fileURLToPath(new URL('../../src/corpus/built-in.txt', import.meta.url));

/** Symbols of the text but the first, each predicted once. */
const PREDICTIONS = [...readFileSync(TEXT, 'utf8')].length - 1;

const SAMPLE_LENGTH = 20_000;

/** All modes of the tensorflow backend. */
export const MODES: readonly Mode[] = [
  { name: 'traced', train: [] },
  { name: 'op by op', train: ['--no-compile'] },
  { name: 'two threads', train: ['--threads', '2'] },
  {
    name: 'sample',
    command: (checkpoint) => ['sample', checkpoint, '--backend', 'tensorflow', '--length', String(SAMPLE_LENGTH)],
    characters: SAMPLE_LENGTH,
  },
  {
    name: 'eval',
    command: (checkpoint) => ['eval', checkpoint, TEXT, '--backend', 'tensorflow'],
    characters: PREDICTIONS,
  },
];

/** A model whose products reach the kernels that are open to the fault: 64 rows, 256 in between. */
export const MODEL = ['--hidden-size', '256', '--batch-size', '64', '--seq-length', '8', '--sample-every', '0'];

/** Without oneDNN's own operations, AVX-512 machines take the faulty kernels too. */
export const FAULTY_KERNELS = { TF_ENABLE_ONEDNN_OPTS: '0' };

/** The processors to be: as it is, and one without AVX-512. */
export const PROCESSORS: readonly { name: string; env: NodeJS.ProcessEnv }[] = [
  { name: 'as it is', env: {} },
  { name: 'AVX2', env: { ONEDNN_MAX_CPU_ISA: 'AVX2' } },
];
