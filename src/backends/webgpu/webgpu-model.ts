import type { ModelConfig } from '../../model/trainable-model.js';
import { TensorModel } from '../../model/tensor/tensor-model.js';
import type { TrainingState } from '../../model/parameters.js';
import { opByOp, type RunOn } from '../../model/tensor/compile.js';
import type { DeviceBackend } from './device-backend.js';

/** The model on a WebGPU device, which computes while the program continues. */
export class WebgpuModel extends TensorModel {
  /** @param state where to start from; copied. */
  constructor(
    config: ModelConfig,
    state: TrainingState,
    readonly device: DeviceBackend,
    run: RunOn,
  ) {
    super({ name: 'webgpu', compile: opByOp, run }, config, state);
  }

  settle(): Promise<void> {
    return this.device.settle();
  }

  /** Frees all tensors; the buffers of the last step are held until the device has been handed it. */
  override dispose(): void {
    super.dispose();
    this.device.submit();
  }
}
