import { availableParallelism, cpus, totalmem } from 'node:os';
import { LOADERS, SMALL_STEP } from '../../backends/choose.js';
import { isUnavailable } from '../../backends/runtime.js';
import { type AdapterName, listAdapters, namesOf } from '../../backends/webgpu/adapters.js';
import { chooseSettings, type ExecutionSettings } from '../../backends/tensorflow/threads.js';
import { BACKENDS } from '../../model/trainable-model.js';
import { type NativeStatus, nativeStatus } from '../../native/status.js';
import { variablesOfUser } from '../../backends/tensorflow/variables.js';
import { type CudaDiagnosis, describeCuda, diagnoseCuda } from './cuda-diagnosis.js';
import { programVersion } from '../program.js';

interface Diagnosis {
  version: string;
  node: string;
  platform: string;
  processor: string;
  threads: number;
  memoryGiB: number;
  nativeLibrary: NativeStatus;
  /** What TensorFlow gets for one stream, for small and for large steps, unless the environment says otherwise. */
  settings: { single: ExecutionSettings; small: ExecutionSettings; large: ExecutionSettings };
  /** Variables of the user's that win over those settings. */
  environment: ReturnType<typeof variablesOfUser>;
  cuda: CudaDiagnosis;
  /** Everything that `--device` of webgpu can choose from. */
  adapters: AdapterName[];
  backends: ({ backend: string; runs: true; description: string } | { backend: string; runs: false; reason: string })[];
}

/** `doctor`: says which backends run here and why the others do not. */
export async function runDoctor(json: boolean, out: NodeJS.WritableStream): Promise<void> {
  const diagnosis = await diagnose();
  out.write(json ? `${JSON.stringify(diagnosis, null, 2)}\n` : `${describe(diagnosis).join('\n')}\n`);
}

async function diagnose(): Promise<Diagnosis> {
  const [processor] = cpus();
  const before = {
    version: programVersion(),
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    processor: processor?.model.trim() ?? 'unknown',
    threads: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    nativeLibrary: nativeStatus(),
    settings: {
      single: chooseSettings({ batchSize: 1, hiddenSize: 100 }),
      small: chooseSettings({ batchSize: 2, hiddenSize: 100 }),
      large: chooseSettings({ batchSize: 64, hiddenSize: 512 }),
    },
    environment: variablesOfUser(),
  };
  const backends: Diagnosis['backends'] = [];
  for (const backend of BACKENDS) {
    const loaded = await LOADERS[backend]({ compile: true });
    backends.push(
      isUnavailable(loaded)
        ? { backend, runs: false, reason: loaded.reason }
        : { backend, runs: true, description: loaded.description },
    );
  }
  // Where there are none, webgpu has said why.
  const { adapters } = await listAdapters().catch(() => ({ adapters: [] }));
  return { ...before, cuda: await diagnoseCuda(), adapters, backends };
}

function describe(diagnosis: Diagnosis): string[] {
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
      : `set by you, and winning: ${variables.join(' ')}`,
    `--backend auto takes ${WASM_THEN} (doctor --bench measures your size)`,
  ];
}

const WASM_THEN = `wasm below batch size x hidden size² = ${SMALL_STEP}, from there on tensorflow, else what runs`;

function describeSettings({ interOpThreads: shards, oneDnn, reason }: ExecutionSettings): string {
  const threads = shards === 1 ? '1 thread' : `${shards} shards, a thread each`;
  return `${threads}, oneDNN ${oneDnn ? 'on' : 'off'} (${reason})`;
}

function describeNative(status: NativeStatus): string {
  switch (status.kind) {
    case 'ready':
      return `TensorFlow ${status.tensorflowVersion}, signals guarded, in ${status.folder}`;
    case 'foreign':
      return `${status.binding}, built by somebody else: signals may crash it; min-char-rnn setup --force builds a guarded one`;
    case 'absent':
      return `${status.reason}; run setup`;
  }
}
