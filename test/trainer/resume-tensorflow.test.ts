import { describeResume } from './resume-spec.js';

await describeResume('tensorflow', [0, 1]);
