import { vi } from 'vitest';
import { describeResume } from './resume-spec.js';

vi.setConfig({ testTimeout: 600_000 });
await describeResume('webgpu', [0]);
