import { listAdapters } from '../../src/backends/webgpu/adapters.js';

const { absence } = await listAdapters();

/** Whether a test of WebGPU is to be skipped, and what its title says then; in CI it is not. */
export const withoutWebgpu =
  absence !== undefined && !process.env.CI
    ? { skip: true, title: ` (skipped: ${absence})` }
    : { skip: false, title: '' };
