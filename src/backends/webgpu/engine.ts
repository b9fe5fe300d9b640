import type { Engine, EngineConfig } from '../../engine.js';
import { TensorEngine } from '../../model/engine.js';
import type { TrainingState } from '../../parameters.js';
import { opByOp } from '../compile.js';
import type { DeviceBackend } from './device-backend.js';

/** The model on a WebGPU device, which computes while the program goes on. */
export class WebgpuEngine extends TensorEngine implements Engine {
  /** @param state where to start from; copied. */
  constructor(
    config: EngineConfig,
    state: TrainingState,
    readonly device: DeviceBackend,
  ) {
    super('webgpu', config, state, opByOp);
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
