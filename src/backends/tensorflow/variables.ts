import { isMainThread } from 'node:worker_threads';

/** TensorFlow's and its libraries' variables that this program sets, each only where the user has not. */
const VARIABLES = [
  'TF_NUM_INTRAOP_THREADS',
  'TF_NUM_INTEROP_THREADS',
  'TF_ENABLE_ONEDNN_OPTS',
  'TF_CPP_MIN_LOG_LEVEL',
  'TF_FORCE_GPU_ALLOW_GROWTH',
  'NVIDIA_TF32_OVERRIDE',
] as const;

type Variables = Partial<Record<(typeof VARIABLES)[number], string>>;

/**
 * Puts values into the environment of this process; what the user has set there stays. That of a worker thread is a copy
 * which native code does not read: it stays as it is, so that it says what counts.
 */
export function provideVariables(values: Variables, environment: NodeJS.ProcessEnv = process.env): void {
  if (!isMainThread) return;
  for (const [name, value] of Object.entries(values)) environment[name] ??= value;
}

/** Those that the user has set, to be asked before anything is loaded; other programs' variables may hold secrets. */
export function variablesOfUser(environment: NodeJS.ProcessEnv = process.env): Variables {
  return Object.fromEntries(
    VARIABLES.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}
