import { loadTensorflow } from '../../src/backends/tensorflow/load.js';
import { describeModel } from './model-spec.js';

await describeModel('TensorFlow op by op', loadTensorflow, { compile: false });
