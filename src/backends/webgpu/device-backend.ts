import type * as tfjsWebgpu from '@tensorflow/tfjs-backend-webgpu';
import { optionalImport } from '../../system/optional-import.js';

const { WebGPUBackend } = await optionalImport<typeof tfjsWebgpu>('@tensorflow/tfjs-backend-webgpu');

const nothing = () => undefined;

/**
 * TensorFlow.js's backend on one device, with two things added: values that are asked for together are read in one
 * go, and a fault of the device, which WebGPU only reports on the side, makes the next read fail instead of
 * giving zeros.
 */
export class DeviceBackend extends WebGPUBackend {
  #fault: string | undefined;
  #submission: Promise<void> | undefined;
  #submittedBefore: Promise<void> = Promise.resolve();

  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    super(device, info);
    device.addEventListener('uncapturederror', ({ error }) => (this.#fault ??= error.message));
    void device.lost.then(({ reason, message }) => {
      if (reason !== 'destroyed') this.#fault = `the device was lost: ${message}`;
    });
  }

  /** Whether the device has failed, and is of no use any more. */
  get isBroken(): boolean {
    return this.#fault !== undefined;
  }

  /** A copy of a buffer's bytes; the copy is recorded at once, so the buffer may be disposed of while it is read. */
  override async getBufferData(buffer: GPUBuffer): Promise<ArrayBuffer> {
    const { size } = buffer;
    const staging = this.bufferManager.acquireBuffer(size, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ);
    this.ensureCommandEncoderReady();
    this.endComputePassEncoder();
    const encoder = Reflect.get(this, 'commandEncoder') as GPUCommandEncoder;
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, size);
    this.#submission ??= Promise.resolve().then(() => {
      this.#submission = undefined;
      this.submit();
    });
    await this.#submission;
    await staging.mapAsync(GPUMapMode.READ).catch((error: unknown) => this.#fail(String(error)));
    this.#check();
    const bytes = staging.getMappedRange().slice(0);
    staging.unmap();
    this.bufferManager.releaseBuffer(staging);
    return bytes;
  }

  /**
   * Submits what was recorded, and waits until the device has done what was submitted before: it then always has work,
   * but is never far behind.
   */
  async settle(): Promise<void> {
    const before = this.#submittedBefore;
    this.submit();
    // A failure shows in the fault; this promise may never be looked at.
    this.#submittedBefore = this.queue.onSubmittedWorkDone().then(nothing, nothing);
    await before;
    this.#check();
  }

  /** Submits what was recorded to the device. */
  submit(): void {
    this.ensureCommandEncoderReady();
    this.endComputePassEncoder();
    this.submitQueue();
  }

  #check(): void {
    if (this.#fault !== undefined) this.#fail(this.#fault);
  }

  #fail(reason: string): never {
    const fault = (this.#fault ?? reason).replace(/\s*\n\s*/g, ' ');
    throw new Error(
      `the WebGPU device failed: ${fault}; continue from the last checkpoint; if memory ran out, make the model or the batch smaller`,
    );
  }
}
