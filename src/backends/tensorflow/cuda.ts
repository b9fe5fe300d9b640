import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { provideVariables } from './variables.js';

/**
 * Settings for a run with CUDA; what the user has set stays. TensorFlow would take all of the card's memory, and round
 * the inputs of matrix products to TF32's 10 bits, with which gradients would no longer be those of the other backends.
 */
export function applyCudaSettings(environment: NodeJS.ProcessEnv = process.env): void {
  // The log level because TensorFlow logs an error where it looks for a card that is not there.
  const wanted = { TF_FORCE_GPU_ALLOW_GROWTH: 'true', NVIDIA_TF32_OVERRIDE: '0', TF_CPP_MIN_LOG_LEVEL: '3' };
  provideVariables(wanted, environment);
}

/** Hides every card from CUDA in this process, which has not loaded it yet. */
export function hideCards(environment: NodeJS.ProcessEnv = process.env): void {
  environment.CUDA_VISIBLE_DEVICES = '-1';
}

/** Where the NVIDIA driver of Linux says that it is there. */
const DRIVER = '/proc/driver/nvidia';

/** Why TensorFlow has found no card, as far as can be seen, and what to do about it. @param driver its folder. */
export function explainNoCard(environment: NodeJS.ProcessEnv = process.env, driver: string = DRIVER): string {
  const visible = environment.CUDA_VISIBLE_DEVICES;
  if (visible !== undefined && /^(-1.*|)$/.test(visible.trim())) {
    return `CUDA_VISIBLE_DEVICES='${visible}' hides every card; unset it`;
  }
  if (!existsSync(join(driver, 'version'))) return 'no NVIDIA driver is loaded; install it';
  const version = /Module\s+([\d.]+)/.exec(readFileSync(join(driver, 'version'), 'utf8'))?.[1] ?? 'of unknown version';
  if (cardNames(driver).length === 0) return `the NVIDIA driver ${version} shows no card; look at nvidia-smi`;
  return `TensorFlow cannot use the card with the NVIDIA driver ${version}; CUDA 12 needs 525.60.13 or newer`;
}

/** The names of the NVIDIA cards that the driver shows, such as "NVIDIA H100 80GB HBM3". @param driver its folder. */
export function cardNames(driver: string = DRIVER): string[] {
  const gpus = join(driver, 'gpus');
  if (!existsSync(gpus)) return [];
  return readdirSync(gpus).flatMap((name) => {
    const information = readFileSync(join(gpus, name, 'information'), 'utf8');
    return /^Model:\s*(.+?)\s*$/m.exec(information)?.slice(1) ?? [];
  });
}
