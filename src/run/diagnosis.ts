import { availableParallelism, cpus, totalmem } from 'node:os';
import { LOADERS } from '../backends/choose.js';
import { isUnavailable } from '../backends/runtime.js';
import { type AdapterName, listAdapters } from '../backends/webgpu/adapters.js';
import { chooseSettings, type ExecutionSettings } from '../backends/tensorflow/threads.js';
import { type NativeStatus, nativeStatus } from '../native/status.js';
import { variablesOfUser } from '../backends/tensorflow/variables.js';
import { type CudaDiagnosis, diagnoseCuda } from './cuda-diagnosis.js';
import { programVersion } from '../system/version.js';
import { BACKENDS } from '../options/choices.js';

/** What runs on this machine, and what it would run with. */
export interface Diagnosis {
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

/** Finds out which backends run here and why the others do not. */
export async function diagnose(): Promise<Diagnosis> {
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
