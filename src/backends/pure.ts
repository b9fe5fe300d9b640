import { ReferenceModel } from '../model/reference/reference-model.js';
import { ReferenceSamplingModel } from '../model/reference/reference-sampling-model.js';
import type { Runtime } from './runtime.js';

/** The pure TypeScript version: runs wherever Node runs. */
export const loadPure = (): Promise<Runtime> =>
  Promise.resolve({
    backend: 'pure',
    description: `plain TypeScript on Node ${process.versions.node}`,
    version: process.versions.node,
    createModel: (config, state) => new ReferenceModel(config, state),
    createSamplingModel: (size, parameters, hidden) => new ReferenceSamplingModel(size, parameters, hidden),
  });
