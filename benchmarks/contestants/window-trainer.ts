import type { Streams } from '../../src/corpus/streams.js';
import type { TrainableModel } from '../../src/model/trainable-model.js';
import { automaticWindowsPerCall } from '../../src/trainer/schedule.js';

/** Trains an model as the trainer does, window after window over the streams, and does nothing besides. */
export class WindowTrainer {
  readonly windowsPerCall: number;
  #step = 0;

  /** @param windowsPerCall unrolled into one call of the model; 0 chooses as the trainer does. */
  constructor(
    readonly model: TrainableModel,
    readonly streams: Streams,
    readonly learningRate: number,
    windowsPerCall = 0,
  ) {
    this.windowsPerCall = windowsPerCall || automaticWindowsPerCall(model.config);
  }

  /** Trains on `steps` windows; the last one's loss, after all losses were read back. */
  async run(steps: number): Promise<number> {
    const end = this.#step + steps;
    while (this.#step < end) {
      this.#trainCall(end);
      // A device that computes on its own would be handed all steps at once, and hold what each of them needs.
      if (this.model.settle) await this.model.settle();
    }
    const losses = await this.model.losses();
    return losses[losses.length - 1];
  }

  #trainCall(end: number): void {
    const { model, streams } = this;
    const leftInEpoch = streams.windowsPerEpoch - (this.#step % streams.windowsPerEpoch);
    const count = this.windowsPerCall <= Math.min(end - this.#step, leftInEpoch) ? this.windowsPerCall : 1;
    const size = count * streams.batchSize * streams.seqLength;
    const inputs = new Int32Array(size);
    const targets = new Int32Array(size);
    streams.fill(this.#step, count, inputs, targets);
    model.train(inputs, targets, new Float32Array(count).fill(this.learningRate));
    this.#step += count;
    if (this.#step % streams.windowsPerEpoch === 0) model.resetHidden();
  }
}
