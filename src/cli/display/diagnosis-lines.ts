import { SMALL_STEP } from '../../backends/choose.js';
import { describePlacement, ranOnGpu } from '../../backends/tensorflow/placement.js';
import type { ExecutionSettings } from '../../backends/tensorflow/threads.js';
import { namesOf } from '../../backends/webgpu/adapters.js';
import type { NativeStatus } from '../../native/status.js';
import type { CudaDiagnosis } from '../../run/cuda-diagnosis.js';
import type { Diagnosis } from '../../run/diagnosis.js';

/** What `doctor` prints, line by line. */
export function diagnosisLines(diagnosis: Diagnosis): string[] {
  const { adapters, backends, settings, environment } = diagnosis;
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return [
    `min-char-rnn ${diagnosis.version} on Node ${diagnosis.node}, ${diagnosis.platform}`,
    `${diagnosis.processor}, ${diagnosis.threads} threads, ${diagnosis.memoryGiB} GiB`,
    '',
    ...backends.map(
      (row) => `${row.runs ? 'runs' : 'no  '}  ${row.backend.padEnd(10)}  ${row.runs ? row.description : row.reason}`,
    ),
    '',
    `native library: ${describeNative(diagnosis.nativeLibrary)}`,
    ...describeCuda(diagnosis.cuda),
    ...(adapters.length > 0 ? [`adapters of webgpu, for --device: ${namesOf(adapters)}`] : []),
    `one stream: ${describeSettings(settings.single)}`,
    `a few streams: ${describeSettings(settings.small)}`,
    `many streams, as 64 with 512 hidden units: ${describeSettings(settings.large)}`,
    variables.length === 0
      ? 'no variable of TensorFlow is set that would change this'
      : `set by you, and used instead: ${variables.join(' ')}`,
    `--backend auto takes ${WASM_THEN} (doctor --bench measures your size)`,
  ];
}

const WASM_THEN = `wasm where batch size x hidden size x (hidden size + vocabulary / 2) is below ${SMALL_STEP} (of a single stream hidden size x vocabulary / 2), else tensorflow, else what runs`;

function describeSettings({ interOpThreads: shards, oneDnn, reason }: ExecutionSettings): string {
  const threads = shards === 1 ? '1 thread' : `${shards} shards, a thread each`;
  return `${threads}, oneDNN ${oneDnn ? 'on' : 'off'} (${reason})`;
}

function describeNative(status: NativeStatus): string {
  switch (status.kind) {
    case 'ready':
      return `TensorFlow ${status.tensorflowVersion}, signals guarded, in ${status.folder}`;
    case 'absent':
      return status.reason;
  }
}

/** The lines on CUDA. */
export function describeCuda(diagnosis: CudaDiagnosis): string[] {
  if (!('proof' in diagnosis)) return [`GPU: ${diagnosis.library.reason}`];
  const { library, proof } = diagnosis;
  const lines = [`GPU: TensorFlow ${library.tensorflowVersion} with CUDA, in ${library.folder}`];
  if ('absent' in proof) return [...lines, `  cannot be used: ${proof.absent}`];
  const verdict = ranOnGpu(proof.placement) ? 'proven' : 'NOT proven: some of the work ran elsewhere';
  return [
    ...lines,
    `  ${proof.description}`,
    `  use of the GPU ${verdict}; one training step: ${describePlacement(proof.placement)}`,
  ];
}
