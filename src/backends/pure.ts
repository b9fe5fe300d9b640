import { ReferenceEngine } from '../reference/engine.js';
import { HostModel } from '../host-model.js';
import type { RuntimeLoader } from './runtime.js';

/** The pure TypeScript version: runs wherever Node runs. */
export const loadPure: RuntimeLoader = () =>
  Promise.resolve({
    backend: 'pure',
    description: `plain TypeScript on Node ${process.versions.node}`,
    version: process.versions.node,
    createEngine: (config, state) => new ReferenceEngine(config, state),
    createSymbolModel: (size, parameters, hidden) => new HostModel(size, parameters, hidden),
  });
