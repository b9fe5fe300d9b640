import { loadWasm } from '../../src/backends/wasm/load.js';
import { describeEngine } from './engine-spec.js';

await describeEngine('TensorFlow.js on WebAssembly', loadWasm, { compile: true });
