import { loadWebgpu } from '../../src/backends/webgpu/load.js';
import { describeEngine } from './engine-spec.js';

await describeEngine('WebGPU', loadWebgpu, { compile: true });
