// A process of `doctor --bench`: `child.js REQUEST_JSON` loads one backend, then trains on as many windows as it is told.
import { LOADERS } from '../backends/choose.js';
import { isUnavailable, type Runtime } from '../backends/runtime.js';
import { initialState } from '../model/parameters.js';
import { Random } from '../sampling/random.js';
import { automaticWindowsPerCall } from '../trainer/schedule.js';
import {
  BENCH_VOCABULARY,
  type BenchAnswer,
  type BenchGreeting,
  type BenchOrder,
  type BenchRequest,
} from './request.js';
import { SPECIFICATION } from '../options/train-options.js';

/** Low enough for random symbols never to make the loss explode. */
const LEARNING_RATE = 0.001;

const tell = (message: BenchGreeting | BenchAnswer): void => void process.send?.(message);

/** A function that trains on windows of random symbols, as many a call as the trainer would take. */
function windowTrainer(runtime: Runtime, { size }: BenchRequest): (windows: number) => Promise<void> {
  const config = { ...SPECIFICATION, ...size, vocabularySize: BENCH_VOCABULARY };
  const random = new Random(SPECIFICATION.seed);
  const model = runtime.createModel(config, initialState(config, config.batchSize, 'scaled', random));
  const perCall = automaticWindowsPerCall(config);
  const symbols = () => Int32Array.from({ length: perCall * size.seqLength * size.batchSize }, symbol);
  const symbol = () => Math.floor(Math.random() * BENCH_VOCABULARY);
  const [inputs, targets] = [symbols(), symbols()];
  const window = size.seqLength * size.batchSize;
  const rates = new Float32Array(perCall).fill(LEARNING_RATE);
  return async (windows) => {
    for (let left = windows; left > 0;) {
      const count = left >= perCall ? perCall : 1;
      model.train(inputs.subarray(0, count * window), targets.subarray(0, count * window), rates.subarray(0, count));
      left -= count;
    }
    await model.losses();
  };
}

const request = JSON.parse(process.argv[2] ?? '') as BenchRequest;
const { backend, device, threads } = request.contestant;
// The parent is gone, or is done with this child.
process.on('disconnect', () => process.exit());
const runtime = await LOADERS[backend]({ size: request.size, device, threads, compile: true });
if (isUnavailable(runtime)) {
  tell({ absent: runtime.reason });
} else {
  let train: ReturnType<typeof windowTrainer> | undefined;
  process.on('message', ({ windows }: BenchOrder) => {
    // Not before somebody waits for it: a large model takes seconds to make, which is no part of loading.
    train ??= windowTrainer(runtime, request);
    const start = performance.now();
    void train(windows).then(() => tell({ seconds: (performance.now() - start) / 1000 }));
  });
  tell({ description: runtime.description });
}
