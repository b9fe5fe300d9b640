import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../errors.js';
import { besideBinding, compileBinding } from './binding.js';
import { aloneInCache, inBuildingFolder, moveIntoPlace } from './building.js';
import { explainFileError } from './failures.js';
import { downloadLibraries } from './libraries.js';
import { inspectInstallation, writeManifest } from './manifest.js';
import type { ProgressReporter } from './progress.js';
import { findDonor, takeLibraries } from './reuse.js';
import type { CommandOptions } from '../system/run-command.js';
import { installationFolder, type InstallSite } from './site.js';
import { findTools, type Tools } from './tools.js';
import type { WheelVariant } from './variants.js';
import { verifyBinding } from './verify.js';

/** How an installation is made; `verify` is replaced by tests that have no TensorFlow. */
export interface InstallOptions {
  readonly report: ProgressReporter;
  /** Builds although an intact installation is there. */
  readonly force: boolean;
  /** Environment of the programs that are run, and the signal that ends them. */
  readonly command: CommandOptions;
  readonly verify?: typeof verifyBinding;
}

/** A finished installation, which was there already (`ready`) or was made now. */
export interface NativeInstallation {
  readonly status: 'ready' | 'installed';
  readonly guarded: true;
  readonly tensorflowVersion: string;
  readonly folder: string;
}

/** Makes sure that the site has an intact installation, where every program of this user finds it. */
export async function install(site: InstallSite, options: InstallOptions): Promise<NativeInstallation> {
  const folder = installationFolder(site);
  const isIntact = !options.force && inspectInstallation(folder).state === 'intact';
  const built = isIntact ? false : await buildAlone(site, folder, options);
  return {
    status: built ? 'installed' : 'ready',
    guarded: true,
    tensorflowVersion: site.variant.version,
    folder,
  };
}

/** @returns false where another set-up has done it in the meantime. */
async function buildAlone(site: InstallSite, folder: string, options: InstallOptions): Promise<boolean> {
  const { report, command, force } = options;
  const onWait = (message: string): void => report({ step: 'wait', message });
  try {
    mkdirSync(site.cacheRoot, { recursive: true });
    return await aloneInCache(site.cacheRoot, { onWait, signal: command.signal }, async () => {
      if (!force && inspectInstallation(folder).state === 'intact') return false;
      report({ step: 'prepare', message: preparation(site) });
      const tools = await findTools(command);
      await inBuildingFolder(site.cacheRoot, (temporary) => build(site, temporary, tools, options));
      return true;
    });
  } catch (error) {
    command.signal?.throwIfAborted();
    throw explainFileError(error, site.cacheRoot);
  }
}

function preparation({ variant }: InstallSite): string {
  const looking = 'looking for pip and a C++ compiler';
  return variant.tested ? looking : `${looking} (${variant.platform} ${variant.device} is untested)`;
}

function requireSpace(cacheRoot: string, variant: WheelVariant): void {
  const { bavail, bsize } = statfsSync(cacheRoot);
  const inMegabytes = (bytes: number): string => `${Math.floor(bytes / 1e6)} MB`;
  if (bavail * bsize >= variant.diskBytes) return;
  throw new UserError(
    `${cacheRoot} must have ${inMegabytes(variant.diskBytes)} free, it has ${inMegabytes(bavail * bsize)}: ` +
      'make room, or set MIN_CHAR_RNN_CACHE to a folder on another disk',
  );
}

async function build(site: InstallSite, temporary: string, tools: Tools, options: InstallOptions): Promise<void> {
  const { variant } = site;
  const { report, command } = options;
  const place = installationFolder(site);
  const finished = join(temporary, 'finished');
  await provideLibraries(site, { finished, downloads: join(temporary, 'download') }, tools, options);
  report({ step: 'compile', message: `compiling the binding with ${tools.compiler.join(' ')}` });
  const binding = await compileBinding({
    guarded: true,
    compiler: tools.compiler,
    tensorflowFolder: finished,
    outputFolder: finished,
    libraryFolders: [besideBinding()],
    command,
  });
  report({ step: 'verify', message: 'running a first operation' });
  const verify = options.verify ?? verifyBinding;
  await verify({ binding, tensorflowVersion: variant.version, command });
  await writeManifest(finished, variant);
  moveIntoPlace(finished, place);
}

/** From an installation that has them, else from the network. */
async function provideLibraries(
  { cacheRoot, variant }: InstallSite,
  { finished, downloads }: { finished: string; downloads: string },
  { pip }: Tools,
  { report, command, force }: InstallOptions,
): Promise<void> {
  mkdirSync(finished);
  const donor = force ? undefined : findDonor(cacheRoot, variant);
  if (donor) {
    report({ step: 'extract', message: `taking the libraries of ${basename(donor.folder)}` });
    if (await takeLibraries(donor, finished)) return;
    rmSync(finished, { recursive: true });
    mkdirSync(finished);
  }
  requireSpace(cacheRoot, variant);
  await downloadLibraries({ variant, pip, downloads, folder: finished, command, report });
}
