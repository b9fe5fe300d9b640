import { loadPure } from '../../src/backends/pure.js';
import { describeModel } from './model-spec.js';

await describeModel('the pure version', loadPure, { compile: true });
