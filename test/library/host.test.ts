import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BACKENDS, type BackendName } from '../../src/options/choices.js';
import { withoutTensorflow } from '../cli/processes.js';
import { compiled } from '../compiled.js';
import { withoutWebgpu } from './without-webgpu.js';

const CHILD = fileURLToPath(compiled(new URL('host-child.ts', import.meta.url)));

/** What docs/library.md says that training changes. */
const DOCUMENTED: Readonly<Record<BackendName, RegExp>> = {
  pure: /^$/,
  wasm: /^\+_tf(Globals|engine)$/,
  tensorflow: /^\+(_tf(Globals|engine)|TF_\w+=\w+)$/,
  webgpu: /^\+(_tf(Globals|engine)|GPU\w*|WGSLLanguageFeatures|navigator|XDG_RUNTIME_DIR=\/dev\/null)$/,
};

describe.concurrent('a program that trains through the library', () => {
  const missing = { tensorflow: withoutTensorflow, webgpu: withoutWebgpu, wasm: undefined, pure: undefined };
  for (const backend of BACKENDS) {
    const { skip = false, title = '' } = missing[backend] ?? {};
    it.skipIf(skip)(`on ${backend} has no other listener, global or output, and lives on${title}`, async () => {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [CHILD, backend]);
      expect(stderr).toBe('');
      const said = JSON.parse(stdout) as { news: string[] };
      expect(said).toMatchObject({ backend, isKept: true, logged: ['Error: of the host'] });
      expect(said.news.filter((name) => !DOCUMENTED[backend].test(name))).toEqual([]);
    });
  }
});
