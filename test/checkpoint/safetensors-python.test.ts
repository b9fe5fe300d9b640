import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../src/checkpoint/safetensors.js';
import { pythonWith, whyNoPython } from '../python-venv.js';
import { corruptFiles } from './corrupt-files.js';
import { outcomeOf, safetensorsTarget } from '../fuzz/safetensors-target.js';
import { contents, plain } from './safetensors-arbitrary.js';
import type { Contents } from './safetensors-arbitrary.js';

const packages = ['safetensors', 'numpy'];
const python = pythonWith(packages);
const folder = mkdtempSync(join(tmpdir(), 'safetensors-python-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface PeerTensor {
  readonly dtype: string;
  readonly shape: number[];
  readonly hex: string;
}

interface PeerFile {
  readonly refused?: string;
  readonly metadata: Record<string, string>;
  readonly tensors: Record<string, PeerTensor>;
}

function ask(request: object): unknown {
  const peer = fileURLToPath(new URL('safetensors_peer.py', import.meta.url));
  const answer = execFileSync(python ?? 'python3', [peer], { input: JSON.stringify(request), maxBuffer: 1e8 });
  return JSON.parse(answer.toString());
}

function readByPeer(files: readonly Uint8Array[]): PeerFile[] {
  const paths = files.map((bytes, index) => {
    const path = join(folder, `${index}.safetensors`);
    writeFileSync(path, bytes);
    return path;
  });
  return ask({ read: paths }) as PeerFile[];
}

/** Contents as the peer tells them. */
function asPeerFile({ tensors, metadata }: Contents): PeerFile {
  const entries = [...tensors].map(([name, { shape, values }]): [string, PeerTensor] => {
    const hex = Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');
    return [name, { dtype: '<f4', shape: [...shape], hex }];
  });
  return { metadata: { ...metadata }, tensors: Object.fromEntries(entries) };
}

const title = 'the safetensors package of Python';
describe.skipIf(!python)(python ? title : `${title} (skipped: ${whyNoPython(packages)})`, () => {
  it('reads what we write, bit for bit', () => {
    const written = fc.sample(contents, { numRuns: 200, seed: 1 });
    const files = written.map(({ tensors, metadata }) => encodeSafetensors(tensors, metadata));
    expect(readByPeer(files)).toEqual(written.map(asPeerFile));
  });

  it('writes what we read, bit for bit', () => {
    for (const written of fc.sample(contents, { numRuns: 10, seed: 2 })) {
      const path = join(folder, 'peer.safetensors');
      ask({ write: path, ...asPeerFile(written) });
      expect(plain(decodeSafetensors(readFileSync(path), path))).toEqual(plain(written));
    }
  });

  it('reads every damaged file that we still read, and the same from it', () => {
    const read = fc
      .sample(safetensorsTarget.input, { numRuns: 3000, seed: 3 })
      .filter((bytes) => outcomeOf(bytes) === 'taken');
    expect(read.length).toBeGreaterThan(50);
    expect(readByPeer(read)).toEqual(read.map((bytes) => asPeerFile(decodeSafetensors(bytes, 'damaged'))));
  });

  it('refuses every file that we refuse, but for those with a reason', () => {
    const answers = readByPeer(corruptFiles.map(({ bytes }) => bytes));
    const taken = corruptFiles.filter((_, index) => answers[index]?.refused === undefined);
    expect(taken.map(({ name }) => name)).toEqual(
      corruptFiles.filter(({ takenByReference }) => takenByReference).map(({ name }) => name),
    );
  });
});
