import { vi } from 'vitest';
import { loadWebgpu } from '../../src/backends/webgpu/load.js';
import { describeModel } from './model-spec.js';

// A device in software takes tens of milliseconds a step, more where other tests want the processor too.
vi.setConfig({ testTimeout: 600_000 });
await describeModel('WebGPU', loadWebgpu, { compile: true }, 100);
