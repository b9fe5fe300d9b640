// A process of `doctor --bench`: `random-trainer.js REQUEST_JSON` loads one backend; `run N` trains on N windows.
import { LOADERS } from '../backends/choose.js';
import { isUnavailable, type Runtime } from '../backends/runtime.js';
import { Streams } from '../corpus/streams.js';
import { initialState } from '../model/parameters.js';
import { Random } from '../sampling/random.js';
import { automaticWindowsPerCall } from '../trainer/schedule.js';
import { WindowLoop } from '../trainer/window-loop.js';
import { type RunSteps, serve, tellAbsent, timed } from './protocol.js';
import { BENCH_VOCABULARY, type BenchRequest } from './request.js';
import { SPECIFICATION } from '../options/train-options.js';

/** Low enough for random symbols never to make the loss explode. */
const LEARNING_RATE = 0.001;

/** Calls in a pass over the symbols: zeros for the hidden state cost nothing that counts. */
const CALLS_A_PASS = 10;

const { contestant, size } = JSON.parse(process.argv[2] ?? '') as BenchRequest;
const config = { ...SPECIFICATION, ...size, vocabularySize: BENCH_VOCABULARY };

function trainer(runtime: Runtime, windowsPerCall: number): RunSteps {
  const { batchSize: B, seqLength: T } = config;
  const random = new Random(SPECIFICATION.seed);
  const model = runtime.createModel(config, initialState(config, B, 'scaled', random));
  // As many symbols as make whole calls and no more, see `Streams`.
  const symbols = new Uint8Array(B * (CALLS_A_PASS * windowsPerCall * T + T + 1));
  const streams = new Streams(
    symbols.map(() => Math.floor(Math.random() * BENCH_VOCABULARY)),
    B,
    T,
    'random symbols',
  );
  const loop = new WindowLoop(model, streams, windowsPerCall);
  return async (steps) => (await loop.run(steps, LEARNING_RATE)).at(-1);
}

const { backend, device, threads } = contestant;
const runtime = await LOADERS[backend]({ size, device, threads, compile: true });
if (isUnavailable(runtime)) {
  tellAbsent(runtime.reason);
} else {
  const { description: name, version } = runtime;
  const windowsPerCall = automaticWindowsPerCall(config, runtime.backend === 'wasm');
  let run: ReturnType<typeof timed> | undefined;
  // Not before it is asked to train: a large model takes seconds to make, which is no part of loading.
  await serve(
    { name, version, details: { windowsPerCall } },
    { run: (steps) => (run ??= timed(trainer(runtime, windowsPerCall)))(steps) },
  );
}
