import { expect, it } from 'vitest';
import * as library from '../../src/index.js';

it('is exactly this list', () => {
  expect(Object.keys(library).sort()).toEqual([
    'DEFAULTS',
    'DivergedError',
    'Model',
    'PRESETS',
    'UserError',
    'openCorpus',
    'train',
  ]);
});
