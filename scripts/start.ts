/** `npm start`: sets up the native library where it can, then trains on the built-in text for about 20 seconds. */
import { runSetup } from '../src/cli/commands/setup.js';
import { runTrain } from '../src/run/train.js';
import { messageOf } from '../src/errors.js';

const SECONDS = 20;
const CHECKPOINT = 'first-run.safetensors';

try {
  await runSetup({ force: false }, process.stdout);
} catch (error) {
  // Training works without it; the reason is shown, and again by `doctor`.
  process.stdout.write(`The native library could not be set up: ${messageOf(error)}\n`);
}
process.exitCode = await runTrain({
  minutes: SECONDS / 60,
  reportEvery: 2500,
  sampleEvery: 10_000,
  checkpoint: CHECKPOINT,
});
