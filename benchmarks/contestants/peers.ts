import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Launch } from '../../src/bench/child.js';
import type { Contestant } from '../contest.js';
import { compilePlainC } from '../peers/compile.js';
import { nodeProgram } from './node-program.js';

/** The row that all ratios compare with. */
export const NUMPY_PROGRAM = 'NumPy program';

/** Where the peers' runtimes are. */
export interface PeerOptions {
  /** A Python with NumPy. */
  readonly python: string;
  /** A Python with PyTorch. */
  readonly torchPython: string;
  /** Where compiled programs are put. */
  readonly folder: string;
}

/** The programs of other kinds that ours is compared with; one that cannot run here is listed too, as absent. */
export async function peers({ python, torchPython, folder }: PeerOptions): Promise<Contestant[]> {
  return [
    { name: NUMPY_PROGRAM, launches: numpyLaunches(python) },
    { name: 'NumPy, float32', launches: numpyLaunches(python, '--dtype', 'float32') },
    { name: 'PyTorch nn.RNN', launches: torch(torchPython) },
    { name: 'tf.layers.simpleRNN', launches: [LAYERS_PEER] },
    await plainC(folder),
  ];
}

/** The NumPy program with threads as its matrix library chooses them, and with one: many can be a hindrance. */
export function numpyLaunches(python: string, ...flags: readonly string[]): Launch[] {
  return [[], ['--threads', '1']].map((threads) => pythonPeer(python, 'numpy_rnn.py', ...flags, ...threads));
}

/** With one thread and with two. */
function torch(python: string): Launch[] {
  const choices = availableParallelism() > 1 ? ['1', '2'] : ['1'];
  return choices.map((threads) => pythonPeer(python, 'torch_rnn.py', '--threads', threads));
}

/** How to start the peer made of TensorFlow.js's own layers. */
export const LAYERS_PEER = nodeProgram('../peers/layers-rnn.ts', import.meta.url);

/** How to start one of the Python peers, by its file name. */
export function pythonPeer(executable: string, script: string, ...flags: readonly string[]): Launch {
  const path = fileURLToPath(new URL(`../peers/${script}`, import.meta.url));
  return { command: executable, args: [path, ...flags], env: { PYTHONDONTWRITEBYTECODE: '1' } };
}

/** The plain C peer, compiled into `folder`. */
export async function plainC(folder: string): Promise<Contestant> {
  const name = 'plain C, one core';
  const compiled = await compilePlainC(folder);
  return 'absent' in compiled ? { name, ...compiled } : { name, launches: [{ command: compiled.program, args: [] }] };
}
