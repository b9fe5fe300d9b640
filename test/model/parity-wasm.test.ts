import { loadWasm } from '../../src/backends/wasm/load.js';
import { describeModel } from './model-spec.js';

await describeModel('TensorFlow.js on WebAssembly', loadWasm, { compile: true });
