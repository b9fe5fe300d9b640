/** A process of its own that runs the command `setup`, to be interrupted. */
import { runSetup } from '../../src/cli/display/setup-screen.js';

await runSetup({ force: false }, process.stdout);
