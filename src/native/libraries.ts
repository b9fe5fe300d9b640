import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { wheelsOf } from './cuda-variants.js';
import { downloadWheel } from './download.js';
import { extractWheel, nvidiaLayout, tensorflowLayout } from './extract.js';
import type { ProgressReporter } from './progress.js';
import { runCommand, type CommandOptions } from '../system/run-command.js';
import type { Command } from './tools.js';
import type { WheelVariant } from './variants.js';

/** What the download of libraries needs. */
export interface LibrariesRequest {
  readonly variant: WheelVariant;
  readonly pip: Command;
  /** A folder for downloads; removed at the end. */
  readonly downloads: string;
  /** The installation's folder, which gets `lib/`, `include/` and, for CUDA, `nvidia/`. */
  readonly folder: string;
  readonly command: CommandOptions;
  readonly report: ProgressReporter;
}

/** Downloads and unpacks a variant's wheels one after another, so that only one takes room at a time. */
export async function downloadLibraries(request: LibrariesRequest): Promise<void> {
  const { variant, pip, downloads, folder, command, report } = request;
  const wheels = wheelsOf(variant);
  const megabytes = Math.round(wheels.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6);
  if (wheels.length > 1) {
    report({
      step: 'download',
      message: `${wheels.length} wheels, ${megabytes.toLocaleString('en-US')} MB to download`,
    });
  }
  for (const wheel of wheels) {
    mkdirSync(downloads, { recursive: true });
    const path = await downloadWheel(wheel, { pip, folder: downloads, command, report });
    const isTensorflow = wheel === variant;
    const message = isTensorflow ? 'unpacking the libraries' : `unpacking ${wheel.project}`;
    await extractWheel(path, {
      folder,
      layout: isTensorflow ? tensorflowLayout(variant.libraries.map(({ name }) => name)) : nvidiaLayout,
      signal: command.signal,
      onProgress: (fraction) => report({ step: 'extract', message, fraction }),
    });
    rmSync(downloads, { recursive: true });
  }
  for (const { name, linkName } of variant.libraries) symlinkSync(name, join(folder, 'lib', linkName));
  linkNvidia(folder);
  await strip(join(folder, 'lib'), request);
}

/**
 * Places where NVIDIA's and TensorFlow's libraries look besides those where the wheels put them, by their own search
 * paths: cuDNN in `nvidia/nvrtc`, TensorFlow for NCCL nowhere but beside itself.
 */
const NVIDIA_LINKS = [
  { link: 'nvidia/nvrtc', target: 'cuda_nvrtc' },
  { link: 'lib/libnccl.so.2', target: '../nvidia/nccl/lib/libnccl.so.2' },
];

function linkNvidia(folder: string): void {
  for (const { link, target } of NVIDIA_LINKS) {
    if (existsSync(join(folder, dirname(link), target))) symlinkSync(target, join(folder, link));
  }
}

/** Drops symbols that are not needed at run time: 200 MB of the plain library; without `strip` they stay. */
async function strip(folder: string, { report, command, variant }: LibrariesRequest): Promise<void> {
  // On macOS stripping would break the libraries' signatures.
  if (process.platform === 'darwin') return;
  report({ step: 'extract', message: 'stripping the libraries' });
  const own = new Set(variant.libraries.map(({ name }) => name));
  const libraries = readdirSync(folder).filter((name) => own.has(name) || /^libomp.*\.so\.\d+$/.test(name));
  await runCommand(['strip', '--strip-unneeded', ...libraries], { ...command, cwd: folder });
}
