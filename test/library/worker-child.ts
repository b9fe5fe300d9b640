// A program that trains in its main thread and in two worker threads at once, and prints what each comes to.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { train, type TrainOptions } from '../../src/index.js';
import { SMALL, stateOf, TEXT } from './models.js';

/** The model, or why there is none. */
async function trained(options: TrainOptions): Promise<object> {
  try {
    return stateOf(await train(TEXT, options).finish());
  } catch (error) {
    return { error: String(error) };
  }
}

if (isMainThread) {
  const [backend, threads] = process.argv.slice(2);
  const options = { ...SMALL, backend, ...(threads !== undefined && { threads: Number(threads) }) } as TrainOptions;
  const workers = [0, 1].map(() => new Worker(new URL(import.meta.url), { workerData: options }));
  const answers = await Promise.all([trained(options), ...workers.map(async (worker) => (await once(worker, 'message'))[0] as object)]); // prettier-ignore
  console.log(JSON.stringify(answers));
} else {
  parentPort?.postMessage(JSON.parse(JSON.stringify(await trained(workerData as TrainOptions))));
}
