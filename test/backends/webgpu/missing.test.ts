import { expect, it, vi } from 'vitest';
import { LOADERS } from '../../../src/backends/choose.js';

vi.mock('../../../src/backends/webgpu/adapters.js', () => {
  const missing = Object.assign(new Error("Cannot find module 'webgpu'"), { code: 'MODULE_NOT_FOUND' });
  return { listAdapters: () => Promise.reject(missing) };
});

it('says how to install the packages of the webgpu backend where they are missing', async () => {
  expect(await LOADERS.webgpu({ compile: true })).toEqual({
    backend: 'webgpu',
    reason: 'its packages are not installed; npm ci',
  });
});
