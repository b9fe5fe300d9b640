/** `npm start`: sets up the native library where it can, then trains on the built-in text for about 20 seconds. */
import { existsSync } from 'node:fs';
import { runSetup } from '../src/cli/display/setup-screen.js';
import { train } from '../src/cli/commands/train.js';
import { messageOf } from '../src/errors.js';

const SECONDS = 20;
/** The first of these names that is not in use yet. */
const names = ['first-run.safetensors', ...Array.from({ length: 99 }, (_, i) => `first-run-${i + 2}.safetensors`)];
const checkpoint = names.find((name) => !existsSync(name));

try {
  await runSetup({ force: false }, process.stdout);
} catch (error) {
  // Training works without it; the reason is shown, and again by `doctor`.
  process.stdout.write(`The native library could not be set up: ${messageOf(error)}\n`);
}
process.exitCode = await train({
  minutes: SECONDS / 60,
  reportEvery: 2500,
  sampleEvery: 10_000,
  checkpoint,
});
