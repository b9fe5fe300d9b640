import { describeResume } from './resume-spec.js';

await describeResume('pure', [0]);
