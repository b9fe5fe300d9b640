import { loadPure } from '../../src/backends/pure.js';
import { describeEngine } from './engine-spec.js';

await describeEngine('the pure version', loadPure, { compile: true });
