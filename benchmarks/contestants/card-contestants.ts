import type { Launch } from '../../src/bench/child.js';
import type { Contestant } from '../contest.js';
import { nodeProgram } from './node-program.js';
import { OUR_NAME, ours } from './our-contestants.js';
import { pythonPeer } from './peers.js';

/** How a card multiplies matrices of float32: in full, or with the inputs rounded to TF32's 10 bits. */
export const PRECISIONS = ['FP32', 'TF32'] as const;

/** One of them: rows are compared with rows and peaks of the same one only. */
export type Precision = (typeof PRECISIONS)[number];

/** The rows that ratios compare with. */
export const TORCH_ON_CARD: Readonly<Record<Precision, string>> = {
  FP32: 'PyTorch nn.RNN (CUDA)',
  TF32: 'PyTorch nn.RNN (CUDA, TF32)',
};

/** Windows that our own traced program trains in one call. */
export const WINDOWS_PER_CALL = [1, 4, 16] as const;

/** For NVIDIA's libraries: a row computes as its name says, whatever the environment of the benchmark. */
const ENVIRONMENT: Readonly<Record<Precision, Readonly<Record<string, string>>>> = {
  FP32: { NVIDIA_TF32_OVERRIDE: '0' },
  TF32: { NVIDIA_TF32_OVERRIDE: '1' },
};

/** A row of the contest on a card. */
export type CardContestant = Contestant & { readonly precision: Precision; readonly launches: readonly Launch[] };

/** A program that measures a matrix product on a card, see `measureGemm`. */
export interface CardProduct {
  readonly name: string;
  readonly precision: Precision;
  readonly launch: Launch;
}

/** Our own program on a card: with CUDA traced, with several numbers of windows a call, and op by op; and on WebGPU. */
export function cardContestants(): CardContestant[] {
  return [
    ...WINDOWS_PER_CALL.map((windows) => traced('FP32', windows)),
    contestant('FP32', 'CUDA, op by op', [...CUDA, '--compile', 'false']),
    onWebgpu(),
    traced('TF32', Math.max(...WINDOWS_PER_CALL)),
  ];
}

/** Those of our own whose cost of reading losses back is measured: on each runtime, one window a call. */
export function cardReaders(): CardContestant[] {
  return [traced('FP32', 1), onWebgpu()];
}

/** PyTorch on the card. @param python one that has it. */
export function torchContestants(python: string): CardContestant[] {
  return PRECISIONS.map((precision) => ({
    name: TORCH_ON_CARD[precision],
    precision,
    launches: [torch(python, 'torch_rnn.py', precision, '--device', 'cuda')],
  }));
}

/** Matrix products of our own runtimes. */
export function cardProducts(): CardProduct[] {
  const product = (...flags: string[]) => ['card-gemm.ts', import.meta.url, flags] as const;
  return [
    ...PRECISIONS.map((precision) => ({
      name: 'TensorFlow',
      precision,
      launch: nodeProgram(...product(), ENVIRONMENT[precision]),
    })),
    { name: 'WebGPU', precision: 'FP32', launch: nodeProgram(...product('--backend', 'webgpu')) },
  ];
}

/** PyTorch's. @param python one that has it. */
export function torchProducts(python: string): CardProduct[] {
  return PRECISIONS.map((precision) => ({
    name: 'PyTorch',
    precision,
    launch: torch(python, 'torch_gemm.py', precision),
  }));
}

const CUDA = ['--device', 'gpu'];

function traced(precision: Precision, windows: number): CardContestant {
  const calls = `${windows} a call`;
  const name = precision === 'FP32' ? `CUDA, traced, ${calls}` : `CUDA, ${precision}, traced, ${calls}`;
  return contestant(precision, name, [...CUDA, '--windows-per-call', String(windows)]);
}

/** Ops are recorded one by one there, so that several windows a call would save nothing. */
function onWebgpu(): CardContestant {
  return contestant('FP32', 'WebGPU', ['--backend', 'webgpu', '--device', 'gpu', '--windows-per-call', '1']);
}

function contestant(precision: Precision, name: string, flags: readonly string[]): CardContestant {
  return { name: `${OUR_NAME} (${name})`, precision, launches: [ours(flags, ENVIRONMENT[precision])] };
}

function torch(python: string, script: string, precision: Precision, ...flags: readonly string[]): Launch {
  const { env, ...launch } = pythonPeer(python, script, ...flags, ...(precision === 'TF32' ? ['--tf32'] : []));
  return { ...launch, env: { ...env, ...ENVIRONMENT[precision] } };
}
