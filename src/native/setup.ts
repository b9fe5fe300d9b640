import { install, type NativeInstallation } from './install.js';
import type { ProgressReporter } from './progress.js';
import { locateSite } from './site.js';
import type { NativeDevice } from './variants.js';

/** How the native library is set up. */
export interface SetupOptions {
  /** Called for each step. */
  readonly report?: ProgressReporter;
  /** Downloads and builds even where all is well. Default: false. */
  readonly force?: boolean;
  /** What TensorFlow is to compute on; `gpu` is installed beside, and is no substitute for `cpu`. Default: cpu. */
  readonly device?: NativeDevice;
  /** Stops the set-up: programs that it runs end, its temporary files go. */
  readonly signal?: AbortSignal;
}

/**
 * Makes the native TensorFlow library ready in the user's cache, for every program and project of this user: downloads
 * it, builds tfjs-node's binding and tries it. Where that was done before, it only looks at the files and returns within
 * milliseconds.
 *
 * @throws UserError with a line for each thing that is missing and what to do about it.
 */
export async function setupNative(options: SetupOptions = {}): Promise<NativeInstallation> {
  return install(locateSite(options.device), {
    report: options.report ?? ((): void => undefined),
    force: options.force ?? false,
    command: { env: process.env, signal: options.signal },
  });
}
