import { describeResume } from './resume-spec.js';

await describeResume('wasm', [0]);
