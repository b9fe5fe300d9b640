import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { extractWheel, nvidiaLayout, tensorflowLayout } from '../../src/native/extract.js';
import { wheelEntries, writeWheel, type WheelEntries } from './fake-machine.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'extract-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/** Extracts a wheel of these entries, changed by `damage`, to `root/out`. */
async function extract(entries: WheelEntries, damage = (bytes: Buffer): Buffer => bytes): Promise<void> {
  const wheel = join(root, 'a.whl');
  await writeWheel(wheel, entries);
  writeFileSync(wheel, damage(readFileSync(wheel)));
  await extractWheel(wheel, { folder: join(root, 'out'), layout: tensorflowLayout(libraries) });
}

it('takes the libraries and the C headers, and nothing else', async () => {
  await extract({ ...wheelEntries, 'tensorflow.libs/libomp-f1025659.so.5': 'OpenMP' });
  const files = readdirSync(join(root, 'out'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files.map((entry) => join(entry.parentPath, entry.name).slice(root.length)).sort()).toEqual([
    '/out/include/tensorflow/c/eager/c_api.h',
    '/out/include/tensorflow/core/platform/ctstring.h',
    '/out/lib/libomp-f1025659.so.5',
    '/out/lib/libtensorflow_cc.so.2',
    '/out/lib/libtensorflow_framework.so.2',
  ]);
  expect(readFileSync(join(root, 'out/lib/libtensorflow_cc.so.2'), 'utf8')).toBe('the library '.repeat(1000));
});

it('refuses a truncated wheel', async () => {
  const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2);
  await expect(extract(wheelEntries, half)).rejects.toThrow(/^.*a\.whl must be an intact wheel: .*; try again$/);
});

it('refuses a wheel whose compressed data are damaged', async () => {
  const scramble = (bytes: Buffer): Buffer => {
    const start = bytes.indexOf('tensorflow/libtensorflow_cc.so.2') + 'tensorflow/libtensorflow_cc.so.2'.length;
    return bytes.fill(0xff, start, start + 20);
  };
  await expect(extract(wheelEntries, scramble)).rejects.toThrow(UserError);
  await expect(extract(wheelEntries, scramble)).rejects.toThrow('must be an intact wheel');
});

it.each(['../../../../evil.h', '/tmp/root/outside'])('refuses a wheel with the path %s', async (path) => {
  // The writer of wheels is as strict as the reader: the path is written over one of the same length.
  const innocent = 'tensorflow/include/tensorflow/c/x'.slice(0, path.length - 2).padEnd(path.length, 'x');
  const rename = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('latin1').replaceAll(innocent, path), 'latin1');
  await expect(extract({ ...wheelEntries, [innocent]: 'evil' }, rename)).rejects.toThrow(
    /invalid relative path|absolute path/,
  );
  expect(existsSync(join(root, 'out'))).toBe(false);
});

it.each(['tensorflow/libtensorflow_framework.so.2', 'tensorflow/include/tensorflow/c/eager/c_api.h'])(
  'refuses a wheel that lacks %s',
  async (name) => {
    const rest = Object.fromEntries(Object.entries(wheelEntries).filter(([path]) => path !== name));
    await expect(extract(rest)).rejects.toThrow(
      `must contain ${name.replace(/^tensorflow\/(lib)/, 'lib/$1').replace(/^tensorflow\//, '')}`,
    );
  },
);

it('passes on what the disk refuses, for its reason is not the wheel', async () => {
  writeFileSync(join(root, 'out'), 'a file where the folder should be');
  await expect(extract(wheelEntries)).rejects.toMatchObject({ code: 'ENOTDIR' });
});

it("takes NVIDIA's libraries and tools, and no headers", async () => {
  const wheel = join(root, 'nvidia.whl');
  await writeWheel(wheel, {
    'nvidia/__init__.py': '',
    'nvidia/cuda_nvcc/bin/ptxas': 'a tool',
    'nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc': 'code',
    'nvidia/cudnn/include/cudnn.h': '// not wanted',
    'nvidia/cudnn/lib/__init__.py': '',
    'nvidia/cudnn/lib/libcudnn.so.9': 'a library',
    'nvidia_cudnn_cu12-9.3.0.75.dist-info/METADATA': 'not wanted',
  });
  await extractWheel(wheel, { folder: join(root, 'out'), layout: nvidiaLayout });
  const files = readdirSync(join(root, 'out'), { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  expect(files.map((entry) => join(entry.parentPath, entry.name).slice(root.length)).sort()).toEqual([
    '/out/nvidia/cuda_nvcc/bin/ptxas',
    '/out/nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc',
    '/out/nvidia/cudnn/lib/libcudnn.so.9',
  ]);
  expect(statSync(join(root, 'out/nvidia/cuda_nvcc/bin/ptxas')).mode & 0o111).not.toBe(0);
});
