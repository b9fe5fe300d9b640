import { LOG_KERNELS, type Placement, placementIn } from '../backends/tensorflow/placement.js';
import { messageOf } from '../errors.js';
import { Child } from './child.js';
import { randomTrainer } from './request.js';

/** Any small step: what matters is where its kernels run. */
const SIZE = { batchSize: 4, hiddenSize: 32, seqLength: 8 };

/** Long enough for a cold disk and for kernels that a driver compiles for its card. */
const PATIENCE_SECONDS = 120;

/** Where the kernels of a training step ran, or why none did. */
export type Proof = { readonly description: string; readonly placement: Placement } | { readonly absent: string };

/**
 * Runs one training step on a device of TensorFlow, in a process of its own, and sees on what its kernels ran, kernel by
 * kernel, as TensorFlow's executor logs it. @param execArgv options of Node for that process.
 */
export async function provePlacement(device: 'cpu' | 'gpu', execArgv = process.execArgv): Promise<Proof> {
  const launch = randomTrainer({ contestant: { name: 'proof', backend: 'tensorflow', device }, size: SIZE }, execArgv);
  const log: string[] = [];
  const child = new Child({ ...launch, env: LOG_KERNELS }, (text) => log.push(text));
  try {
    const { name: description } = await child.ready(PATIENCE_SECONDS);
    await child.run(1, PATIENCE_SECONDS);
    await child.kill();
    return { description, placement: placementIn(log.join('')) };
  } catch (error) {
    void child.kill();
    return { absent: messageOf(error) };
  }
}
