import { loadTensorflow } from '../../src/backends/tensorflow/load.js';
import { describeEngine } from './engine-spec.js';

await describeEngine('TensorFlow op by op', loadTensorflow, { compile: false });
