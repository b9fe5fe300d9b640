import { loadTensorflow } from '../../src/backends/tensorflow/load.js';
import { describeModel } from './model-spec.js';

await describeModel('TensorFlow as one traced graph', loadTensorflow, { compile: true });
