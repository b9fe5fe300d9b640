import { loadTensorflow } from '../../src/backends/tensorflow/load.js';
import { describeEngine } from './engine-spec.js';

await describeEngine('TensorFlow as one traced graph', loadTensorflow, { compile: true });
