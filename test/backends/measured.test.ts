import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { measuredPreference, rememberRanking } from '../../src/backends/measured.js';

const size = { batchSize: 64, hiddenSize: 512, seqLength: 64 };
const ranking = [{ backend: 'tensorflow', device: 'gpu' }, { backend: 'wasm' }] as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'measured '));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a measurement is found again for its size only, the newest alone', () => {
  expect(measuredPreference(folder, size)).toBeUndefined();
  rememberRanking(join(folder, 'cache'), size, [{ backend: 'pure' }]);
  rememberRanking(join(folder, 'cache'), size, ranking);
  const found = measuredPreference(join(folder, 'cache'), size);
  expect(found?.candidates).toEqual(ranking);
  expect(found?.reason).toMatch(/^measured fastest on \d{4}-\d\d-\d\d by doctor --bench$/);
  for (const other of [{ batchSize: 1 }, { hiddenSize: 1 }, { seqLength: 1 }]) {
    expect(measuredPreference(join(folder, 'cache'), { ...size, ...other })).toBeUndefined();
  }
});

it('a measurement of another machine does not count', () => {
  rememberRanking(folder, size, ranking);
  const file = join(folder, 'speeds.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"machine": ".*"/, '"machine": "another"'));
  expect(measuredPreference(folder, size)).toBeUndefined();
});

it.each(['', '{"machine": 1}', '[{"machine": "cut off'])('a damaged file holds nothing and is replaced: %j', (text) => {
  writeFileSync(join(folder, 'speeds.json'), text);
  expect(measuredPreference(folder, size)).toBeUndefined();
  rememberRanking(folder, size, ranking);
  expect(measuredPreference(folder, size)?.candidates).toEqual(ranking);
});
